/** The shapes that pictures are built of, on a ground of 400 by 400. What is painted with several fills lies in layers: colour, then shade. */

type Point = readonly [x: number, y: number, more: number];

/** Points, or heights with half widths, written as `x y, x y`; a third number may say how far each is turned or how large it is. */
export const points = (list: string): readonly Point[] =>
  list.split(', ').map((point) => {
    const [x = 0, y = 0, more = 0] = point.split(' ').map(Number);
    return [x, y, more];
  });

const short = (value: number): string => String(Math.round(value * 10) / 10);
const layers = (shape: string, fills: readonly string[]): string => fills.map((fill) => `<${shape} fill="${fill}"/>`).join('');

export const path = (d: string, ...fills: string[]): string => layers(`path d="${d}"`, fills);

export const box = (x: number, y: number, width: number, height: number, round: number, ...fills: string[]): string =>
  layers(`rect x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}" rx="${round}"`, fills);

export const oval = (x: number, y: number, across: number, down: number, ...fills: string[]): string =>
  layers(`ellipse cx="${short(x)}" cy="${short(y)}" rx="${short(across)}" ry="${short(down)}"`, fills);

export const line = (d: string, colour: string, width: number, opacity = 1): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"${opacity < 1 ? ` opacity="${opacity}"` : ''}/>`;

export const dashed = (d: string, colour: string, width: number, dashes: string): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-dasharray="${dashes}"/>`;

export const placed = (transform: string, ...content: string[]): string => `<g transform="${transform}">${content.join('')}</g>`;

export const faded = (opacity: number, ...content: string[]): string => `<g opacity="${opacity}">${content.join('')}</g>`;

/** What lies or hangs flat, with the shadow of its own outline. */
export const lifted = (...content: string[]): string => `<g filter="url(#lift)">${content.join('')}</g>`;

/** The shadow of what stands on the ground, towards the right, away from the light. */
export const shadow = (x: number, y: number, across: number, down = across * 0.16): string =>
  oval(x + across * 0.12, y, across * 1.2, down * 1.5, 'url(#shadow)');

/** The same shape at each of the places. */
export const repeated = <Place>(places: readonly Place[], shape: (place: Place, at: number) => string): string =>
  places.map(shape).join('');

/** How far an opening is seen from above: height over width of its ellipse. */
const tilt = 0.2;

/** What is turned on a wheel or lathe: half widths at heights, from top to bottom; a point given twice is an edge. */
export function turned(x: number, profile: readonly Point[], ...fills: string[]): string {
  const left = profile.map(([y, half]): Point => [x - half, y, 0]);
  const right = profile.map(([y, half]): Point => [x + half, y, 0]).reverse();
  const half = (side: Point | undefined) => Math.abs((side?.[0] ?? x) - x);
  const arc = (radius: number, to: Point | undefined) =>
    `A${short(radius)} ${short(radius * tilt)} 0 0 0 ${short(to?.[0] ?? x)} ${short(to?.[1] ?? 0)}`;
  const begin = `M${(left[0] ?? [0, 0]).slice(0, 2).map(short).join(' ')}`;
  return path(`${begin}${curve(left)}${arc(half(right[0]), right[0])}${curve(right)}${arc(half(left[0]), left[0])}Z`, ...fills);
}

/** A smooth curve through the points, after the first (Catmull-Rom). How far it swings out of a point depends on the way to the next. */
function curve(list: readonly Point[]): string {
  return list
    .slice(1)
    .map((to, at) => {
      const from = list[at] ?? to;
      const first = swing(list[at - 1] ?? from, to, from, to);
      const second = swing(list[at + 2] ?? to, from, to, from);
      return `C${[from[0] + first[0], from[1] + first[1], to[0] + second[0], to[1] + second[1], to[0], to[1]].map(short).join(' ')}`;
    })
    .join('');
}

/** A third of the way from one point to the next, in the direction in which its neighbours lie. */
function swing(before: Point, after: Point, from: Point, to: Point): readonly [number, number] {
  const length = Math.hypot(after[0] - before[0], after[1] - before[1]);
  const share = length === 0 ? 0 : Math.hypot(to[0] - from[0], to[1] - from[1]) / length / 3;
  return [(after[0] - before[0]) * share, (after[1] - before[1]) * share];
}

/** The opening of what is turned: its edge and the inside behind it. */
export const opening = (x: number, y: number, half: number, edge: string, inside: string): string =>
  oval(x, y, half, half * tilt, edge) + oval(x, y + 1, half * 0.94, half * tilt * 0.86, inside, 'url(#hollow)');

/** Steam over something hot. */
export const steam = (x: number, y: number): string =>
  faded(
    0.5,
    line(`M${x - 18} ${y}q-12 -16 0 -32t0 -30`, '#ffffff', 5, 0.9),
    line(`M${x + 4} ${y - 6}q-12 -16 0 -34t0 -32`, '#ffffff', 6, 0.9),
    line(`M${x + 26} ${y}q-12 -16 0 -30t0 -28`, '#ffffff', 5, 0.9),
  );

/** A fold of cloth or a gleam: thin at both ends, as wide as `width` in between, bent by `bend` to the right. */
export const lens = (
  x: number,
  y: number,
  right: number,
  down: number,
  bend: number,
  width: number,
  colour: string,
  opacity: number,
): string =>
  `<path d="M${short(x)} ${short(y)}q${short(right / 2 + bend)} ${short(down / 2)} ${right} ${down}q${short(bend + width - right / 2)} ${short(-down / 2)} ${-right} ${-down}z" fill="${colour}" opacity="${opacity}"/>`;

/** Where an upright round side reflects the light. */
export const gleam = (x: number, y: number, height: number, width: number, opacity: number): string =>
  lens(x - width / 2, y - 6, 0, height + 12, -width / 2, width * 2.4, '#ffffff', opacity);
