// Puts this site's own address into the examples; without script they show a placeholder.
for (const place of document.querySelectorAll('[data-origin]')) place.textContent = location.origin;
