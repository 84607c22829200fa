// Runs in a page, after axe: opens what can be opened, and resolves to what axe finds, one line for each element.
async function accessibilityFindings() {
  for (const section of document.querySelectorAll("section[hidden]")) section.hidden = false;
  for (const details of document.querySelectorAll("details")) details.open = true;
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const value of [...document.querySelectorAll(".records button.value")].slice(0, 8)) value.click();
  const { violations } = await axe.run(document, { resultTypes: ["violations"], selectors: false });
  const scrolled = [...document.querySelectorAll(".scroll, pre")].filter((each) => each.tabIndex !== 0);
  return [
    ...violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 120)}`)),
    ...scrolled.map((each) => `scrolled without a keyboard: ${each.outerHTML.slice(0, 120)}`),
  ];
}
