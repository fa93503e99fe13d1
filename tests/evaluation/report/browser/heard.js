// What a screen reader is told, by the browser's own account of roles and names. Each of them takes it a while.
function measure(page) {
  return {
    landmarks: landmarks(page),
    images: [...page.querySelectorAll("svg")].map((image) => [image.computedRole, image.computedName]),
    regions: [...page.querySelectorAll("[tabindex]")].map((region) => [region.computedRole, region.computedName]),
  };
}

function landmarks(page) {
  const roles = ["banner", "navigation", "main", "contentinfo", "region"];
  return [...page.querySelectorAll("header, nav, main, footer, section, aside, form, [role]")]
    .filter((element) => roles.includes(element.computedRole))
    .map((element) => [element.computedRole, element.computedName]);
}
