"use strict";
// What each page has: its data, elements and numbers as text, and the switch between the languages.
const data = JSON.parse(document.getElementById("data").textContent);
const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
};
const number = (value) => value.toLocaleString("en");
const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

const languages = document.querySelectorAll("[data-language]");
for (const each of languages) {
  each.addEventListener("click", () => {
    document.body.classList.toggle("japanese", each.dataset.language === "ja");
    for (const other of languages) other.setAttribute("aria-pressed", String(other === each));
  });
}
