// Looks through the camera: the browser's own reader where there is one, else the packaged one, loaded only then.
import { showings } from "./showing.js";

const LOOK_MILLISECONDS = 150;

async function reader() {
  const own = "BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code");
  if (own) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
  const { default: jsqr } = await import("jsqr");
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    const scale = Math.min(1, 800 / Math.max(video.videoWidth, video.videoHeight, 1));
    canvas.width = video.videoWidth * scale;
    canvas.height = video.videoHeight * scale;
    if (!canvas.width) return undefined;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
    return jsqr(picture.data, picture.width, picture.height)?.data;
  };
}

export const prepare = reader;

export async function watch(video, look, found) {
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  await video.play();
  const isNew = showings();
  let busy = false;
  setInterval(async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const text = await look(video);
      if (!text || !isNew(text, performance.now())) return;
      await found(text);
      isNew(text, performance.now()); // nobody looked meanwhile, so that time does not count as out of sight
    } finally {
      busy = false;
    }
  }, LOOK_MILLISECONDS);
}
