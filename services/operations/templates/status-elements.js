/** Elements, and a renewal that changes only what is different: nothing flickers, and focus and open parts stay. */

const svgNames = 'http://www.w3.org/2000/svg';

/** Attributes that are undefined or false are left out; so are children that are null or false; children may be nested lists. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function svgElement(name, attributes, ...children) {
  const made = document.createElementNS(svgNames, name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

function setAttributes(made, attributes) {
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(attribute, value === true ? '' : value);
  }
}

/** Distinguished by their form, for those who do not see colours. */
const shapes = {
  healthy: ['M8 1.2a6.8 6.8 0 1 0 0 13.6A6.8 6.8 0 0 0 8 1.2Z', 'M4.8 8.3l2.2 2.2 4.3-4.6'],
  degraded: ['M8 1.4 15 14.2H1Z', 'M8 6v4 M8 11.9v.6'],
  unhealthy: ['M5.2 1.2h5.6l4 4v5.6l-4 4H5.2l-4-4V5.2Z', 'M5.4 5.4l5.2 5.2 M10.6 5.4l-5.2 5.2'],
  notice: ['M2 2h12v12H2Z', 'M8 7.2v4.4 M8 4.4v.6'],
};

export function icon(status) {
  const [outline, mark] = shapes[status];
  const lines = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.6', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' };
  return svgElement(
    'svg',
    { class: `icon ${status}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svgElement('path', { d: outline, ...lines }),
    svgElement('path', { d: mark, ...lines }),
  );
}

const iconColours = { healthy: '#17683a', degraded: '#b46f00', unhealthy: '#c0261f' };

/** The same form for the tab of the browser. */
export function iconAddress(status) {
  const [outline, mark] = shapes[status];
  const svg = `<svg xmlns="${svgNames}" viewBox="0 0 16 16"><path d="${outline}" fill="${iconColours[status]}"/><path d="${mark}" fill="none" stroke="white" stroke-width="1.8" stroke-linecap="round"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

export function state(status, word = status) {
  return element('span', { class: `state ${status}` }, icon(status), ` ${word}`);
}

/** A line over the last readings; the number beside it says the same, so that it is hidden from screen readers. */
export function spark(values) {
  const [width, height] = [240, 24];
  const most = Math.max(0.5, ...values);
  const at = (value, index) => `${((index + 60 - values.length) * width) / 59},${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`;
  const shape = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.5', 'vector-effect': 'non-scaling-stroke' };
  return svgElement(
    'svg',
    { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svgElement('path', { d: `M0 ${height - 1}H${width}`, class: 'base', ...shape }),
    svgElement('polyline', { points: values.map(at).join(' '), ...shape }),
  );
}

/** Makes `old` look like `fresh`. Children with a `data-key` are found again by it, others by their place. */
export function renew(old, fresh) {
  if (old.nodeName !== fresh.nodeName || old.nodeType !== fresh.nodeType) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  renewAttributes(old, fresh);
  renewChildren(old, [...fresh.childNodes]);
}

function renewAttributes(old, fresh) {
  for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes]) {
    // Whether a part is open is the reader's.
    if (!fresh.hasAttribute(name) && !(old.nodeName === 'DETAILS' && name === 'open')) old.removeAttribute(name);
  }
}

const keyOf = (node) => node.dataset?.key;

function renewChildren(old, fresh) {
  const keyed = new Map([...old.childNodes].filter(keyOf).map((child) => [keyOf(child), child]));
  for (const [index, child] of fresh.entries()) {
    const there = old.childNodes[index];
    const match = keyOf(child) === undefined ? there : keyed.get(keyOf(child));
    if (match === undefined || keyOf(match) !== keyOf(child)) {
      old.insertBefore(child, there ?? null);
      continue;
    }
    if (match !== there) old.insertBefore(match, there ?? null);
    renew(match, child);
  }
  while (old.childNodes.length > fresh.length) old.lastChild.remove();
}

/** Puts the children into the element with this id, changing only what is different. */
export function show(id, ...children) {
  const fresh = element('div', {}, ...children);
  renewChildren(document.getElementById(id), [...fresh.childNodes]);
}
