import { beech, darker, leaf, lighter, oliveWood, paper } from './picture-colours.ts';
import { ball, bristle, fall, glass, grain, round, sheet, slant, speckle, terry } from './picture-fills.ts';
import { box, dashed, faded, gleam, lifted, line, oval, path, placed, points, repeated, shadow, turned } from './picture-shapes.ts';

const lavender = (x: number, y: number, turn: number): string =>
  placed(
    `translate(${x} ${y}) rotate(${turn})`,
    line('M0 0V-120', '#6f8a5c', 3.4),
    path('M0 -20Q-18 -34 -20 -58Q-4 -48 0 -20', '#7f9a66'),
    repeated(
      [0, 1, 2, 3, 4, 5, 6],
      (at) => oval(-6, -70 - at * 9, 6 - at * 0.4, 5, '#8d76b4', ball) + oval(6, -74 - at * 9, 6 - at * 0.4, 5, '#7a63a4', ball),
    ),
    oval(0, -138, 4, 6, '#8d76b4', ball),
  );

/** One fold of a towel: thick, with a round front edge. */
const fold = (y: number, tone: string): string =>
  [
    path(`M58 ${y + 4}q0 -26 24 -28H318q28 4 28 34v14q0 30 -28 32H82q-24 -2 -24 -26z`, tone, terry, slant),
    path(`M58 ${y + 30}q0 26 24 26H318q28 -2 28 -32q-6 16 -30 16H84q-22 0 -26 -10z`, darker(tone, 0.24), terry),
    path(`M262 ${y - 24}h10q14 30 0 80h-10q12 -40 0 -80zM284 ${y - 24}h16q14 30 0 80h-16q12 -40 0 -80z`, darker(tone, 0.2)),
    line(`M70 ${y + 26}H330`, darker(tone, 0.5), 2, 0.4),
  ].join('');

const bar = (tone: string, mark: string): string =>
  [
    path(
      'M70 214Q66 190 96 182L250 158Q284 154 300 176L332 222Q340 240 334 270Q328 292 304 298L146 322Q116 326 98 300L74 262Q68 250 70 214z',
      darker(tone, 0.22),
      fall,
    ),
    path('M72 210Q68 190 98 182L250 158Q284 154 300 176L330 218Q338 240 306 246L146 270Q116 274 98 248L78 222z', tone, slant, speckle),
    placed('translate(202 214) rotate(-9) scale(1 .66)', mark),
    line('M96 196Q108 190 180 178', '#ffffff', 7, 0.6),
  ].join('');

/** What belongs beside the basin. */
export const bathMotifs = {
  'bath towel': (tone = '#8fb9d8') =>
    [
      shadow(204, 346, 158, 22),
      fold(278, darker(tone, 0.08)),
      fold(220, darker(tone, 0.03)),
      fold(162, tone),
      path('M96 76H318q26 4 26 36t-26 36H96z', lighter(tone, 0.06), terry, fall),
      path('M286 76h14q14 36 0 72h-14q14 -36 0 -72zM262 76h8q14 36 0 72h-8q14 -36 0 -72z', darker(tone, 0.2)),
      oval(96, 112, 34, 36, darker(tone, 0.08), terry),
      line('M98 112q-6 -10 4 -14q14 -2 16 14q-2 20 -22 20q-22 -2 -22 -24q4 -24 26 -25', darker(tone, 0.42), 4),
    ].join(''),
  'olive soap': (tone = '#9aa35a') =>
    [
      shadow(206, 322, 140),
      path('M50 300q150 44 310 -8l-6 30q-150 36 -296 4z', oliveWood, grain, fall),
      bar(
        tone,
        [
          oval(0, 0, 66, 56, darker(tone, 0.14)),
          line('M-60 0a60 50 0 1 0 120 0a60 50 0 1 0 -120 0', darker(tone, 0.35), 3),
          line('M-34 26Q0 0 34 -30', darker(tone, 0.5), 4),
          repeated(points('-22 8 -50, -2 -10 -60, 16 -26 -50, -8 20 40, 14 0 40'), ([x, y, turn]) =>
            placed(`translate(${x} ${y}) rotate(${turn})`, oval(10, 0, 15, 6, darker(tone, 0.5))),
          ),
        ].join(''),
      ),
      repeated(points('318 136 24, 350 168 15, 292 112 12, 340 110 9'), ([x, y, size]) =>
        [
          faded(0.55, oval(x, y, size, size, '#ffffff', ball)),
          line(`M${x - size * 0.5} ${y - size * 0.2}q${size * 0.1} ${-size * 0.3} ${size * 0.4} ${-size * 0.4}`, '#ffffff', 3),
        ].join(''),
      ),
    ].join(''),
  'lavender soap': (tone = '#b9a5cf') =>
    [
      shadow(206, 322, 140),
      bar(
        tone,
        repeated(points('-50 -20, -30 24, 0 -30, 14 20, 40 -10, 54 30, -8 2, 30 -38, -60 14'), ([x, y], at) =>
          oval(x, y, 6, 4, at % 2 ? '#6f5a9a' : '#7f9a66'),
        ),
      ),
      path('M150 170L196 163L218 318L172 324z', '#e9dcc0', slant),
      line('M160 178L182 316M186 172L208 312', '#b99a66', 2),
      placed('translate(28 22)', lavender(150, 330, 62), lavender(142, 338, 74), lavender(154, 318, 50)),
      line('M168 284q10 14 26 10', '#b98a4a', 6),
    ].join(''),
  'nail brush': (tone = beech) =>
    [
      shadow(200, 306, 150),
      path('M66 214H334l12 76q-146 22 -292 0z', '#efe3c4', bristle),
      path('M66 214H334l3 20H63z', '#6b4a2a', 'url(#fall)'),
      faded(
        0.5,
        repeated(
          Array.from({ length: 21 }, (_none, at) => at),
          (at) => line(`M${74 + at * 12.6} 222l${(at - 10) * 0.8} 70`, '#a58a58', 2.6),
        ),
      ),
      path('M40 192q0 -40 56 -50q104 -18 208 0q56 10 56 50q0 34 -30 36H70q-30 -2 -30 -36z', darker(tone, 0.26), grain),
      path('M40 184q0 -40 56 -50q104 -18 208 0q56 10 56 50q0 28 -30 28H70q-30 0 -30 -28z', tone, grain, fall),
      path('M104 156q96 -18 192 0q10 14 -6 20q-90 12 -180 0q-16 -6 -6 -20z', darker(tone, 0.14), grain),
      line('M66 160q20 -12 60 -18', '#ffffff', 6, 0.5),
      oval(330, 178, 7, 6, darker(tone, 0.6)),
    ].join(''),
  'hand cream': (tone = '#e9e2d2') =>
    [
      placed(
        'rotate(14 200 200)',
        lifted(
          path('M140 48H262L252 300H150z', tone, round),
          path('M136 34H266V58H136z', darker(tone, 0.08), sheet),
          line('M140 40H262M140 46H262M140 52H262', darker(tone, 0.3), 1.6, 0.6),
          path('M144 120H260L257 200H147z', '#6f8a72'),
          line('M162 146h78M176 166h50', '#f6f1e4', 4),
          path('M201 214q-20 24 0 46q20 -22 0 -46z', '#6f8a72'),
          line('M201 226v28', tone, 2),
          path('M158 300H244L248 350H154z', '#6f8a72', round),
          repeated([0, 1, 2, 3, 4, 5, 6, 7], (at) => line(`M${162 + at * 11} 304v42`, '#4f6a53', 2.4, 0.7)),
        ),
      ),
      oval(316, 350, 50, 9, 'url(#shadow)'),
      path('M270 334q-8 -24 20 -28q2 -24 30 -34q6 18 -6 24q36 0 36 26q0 22 -40 22q-34 0 -40 -10z', '#fffdf6', ball),
      line('M282 330q20 10 46 -2M296 306q18 6 34 -2', darker('#efe8d8', 0.16), 3),
    ].join(''),
  'bath salts': (tone = '#f2ecec') =>
    [
      shadow(186, 342, 104),
      turned(176, points('196 88, 196 88, 318 88, 330 80'), tone, speckle, round),
      repeated(
        Array.from({ length: 22 }, (_none, at) => at),
        (at) =>
          placed(
            `translate(${102 + ((at * 67) % 149)} ${212 + ((at * 83) % 109)}) rotate(${at * 31})`,
            box(-6, -5, 12, 10, 2, at % 3 ? '#ffffff' : '#dcc9cf'),
          ),
      ),
      repeated(points('126 240, 210 228, 160 290, 226 296, 186 262'), ([x, y], at) =>
        placed(`translate(${x} ${y}) rotate(${at * 40})`, line('M-10 0H10', leaf, 3.4)),
      ),
      turned(176, points('146 84, 168 92, 318 92, 338 84'), glass),
      turned(176, points('108 84, 108 84, 148 84'), oliveWood, grain, round),
      oval(176, 108, 84, 17, lighter(oliveWood, 0.15), grain),
      dashed('M92 156a86 17 0 0 0 168 0', '#b98a4a', 5, '7 3'),
      placed(
        'translate(232 176) rotate(6)',
        path('M0 0L30 14V58H-14V14z', paper, slant),
        oval(8, 12, 4, 4, '#8b5a34'),
        line('M-4 30h24M-4 42h16', '#6f8a72', 3),
      ),
      placed(
        'translate(262 330) rotate(-16)',
        path('M0 -14q30 -10 62 0q10 14 0 26q-32 12 -62 0z', oliveWood, grain, slant),
        box(60, -6, 60, 12, 6, oliveWood, fall),
        path('M4 -12q28 -8 54 0l-4 6q-24 6 -46 0z', '#ffffff', speckle),
      ),
      gleam(104, 196, 110, 8, 0.7),
    ].join(''),
};
