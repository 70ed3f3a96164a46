// The flow as a BPMN diagram that can be moved and enlarged; it is loaded when somebody opens it. Without scripts the file can be saved.
import "./desk.js";

for (const box of document.querySelectorAll("[data-bpmn]")) {
  box.addEventListener("toggle", async () => {
    const picture = box.querySelector("[data-bpmn-picture]");
    const failed = box.querySelector("[data-bpmn-failed]");
    if (!box.open || picture.dataset.asked) return;
    picture.dataset.asked = "1";
    picture.hidden = false;
    try {
      const [{ default: Viewer }, answer] = await Promise.all([import("bpmn-js/lib/NavigatedViewer"), fetch(box.dataset.bpmn)]);
      if (!answer.ok) throw new Error(answer.status);
      const viewer = new Viewer({ container: picture });
      await viewer.importXML(await answer.text());
      const canvas = viewer.get("canvas");
      canvas.zoom("fit-viewport", "auto");
      for (const button of box.querySelectorAll("[data-bpmn-zoom]")) {
        button.hidden = false;
        button.addEventListener("click", () => {
          if (button.dataset.bpmnZoom === "fit") canvas.zoom("fit-viewport", "auto");
          else canvas.zoom(canvas.zoom() * Number(button.dataset.bpmnZoom));
        });
      }
      box.dataset.drawn = "1";
    } catch {
      picture.hidden = true;
      delete picture.dataset.asked;
      failed.hidden = false;
    }
  });
}
