// Runs `measure` on the page in the frame once it is loaded, and writes what it finds, as JSON, into #measured.
"use strict";

const frame = document.getElementById("page");
frame.addEventListener("load", () => {
  let found;
  try {
    frame.contentDocument.querySelectorAll("details").forEach((part) => (part.open = true));
    found = measure(frame.contentDocument, frame.contentWindow);
  } catch (error) {
    found = { error: String(error.stack) };
  }
  document.getElementById("measured").textContent = JSON.stringify(found);
});
