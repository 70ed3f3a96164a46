// The CEL engine of the browser, loaded only by forms that have conditions.
import { Environment } from "@marcbachmann/cel-js";

export function engine({ age, days }) {
  const environment = new Environment({ unlistedVariablesAreDyn: true })
    .registerFunction("age(string, string): int", (birth, on) => BigInt(age(birth, on)))
    .registerFunction("days(string, string): int", (from, to) => BigInt(days(from, to)));
  const parsed = new Map();
  return (source, context) => {
    try {
      if (!parsed.has(source)) parsed.set(source, environment.parse(source));
      return parsed.get(source)(integers(context));
    } catch {
      return undefined; // the server judges; without an answer the field stays as it is
    }
  };
}

// CEL tells whole numbers from others, JavaScript does not.
function integers(value) {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(integers);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, integers(one)]));
  return value;
}
