import { beech, darker, ink, lighter, oak, paper } from './picture-colours.ts';
import { ball, fall, grain, knit, round, slant, speckle, upgrain, weave } from './picture-fills.ts';
import { box, dashed, faded, lifted, line, oval, path, placed, points, repeated, shadow, turned } from './picture-shapes.ts';

const wheel = (x: number, y: number, size: number, tone: string): string =>
  [
    oval(x, y, size, size, darker(tone, 0.3)),
    oval(x - 2, y - 1, size * 0.92, size * 0.92, tone, slant),
    oval(x - 2, y - 1, size * 0.36, size * 0.36, beech, ball),
  ].join('');

const block = (x: number, y: number, size: number, tone: string, face = ''): string =>
  placed(
    `translate(${x} ${y})`,
    path(`M0 0L${size * 0.28} ${-size * 0.2}H${size * 1.28}L${size} 0z`, lighter(tone, 0.35), grain),
    path(`M${size} 0L${size * 1.28} ${-size * 0.2}V${size * 0.8}L${size} ${size}z`, darker(tone, 0.3), grain),
    path(`M0 0H${size}V${size}H0z`, tone, grain, slant),
    face,
  );

/** A soft animal that sits, by its ears and nose. */
const sitting = (tone: string, texture: string, ears: string, muzzle: string, front: string): string =>
  [
    shadow(200, 352, 116),
    ears,
    oval(118, 236, 28, 54, darker(tone, 0.1), texture, ball),
    oval(282, 236, 28, 54, darker(tone, 0.16), texture, ball),
    oval(200, 262, 88, 90, tone, texture, ball),
    front,
    oval(128, 324, 46, 34, tone, texture, ball) + oval(272, 324, 46, 34, darker(tone, 0.06), texture, ball),
    oval(122, 330, 22, 18, lighter(tone, 0.35), texture) + oval(278, 330, 22, 18, lighter(tone, 0.3), texture),
    oval(200, 138, 82, 74, tone, texture, ball),
    muzzle,
    oval(170, 128, 7, 8, ink) + oval(230, 128, 7, 8, ink) + oval(172, 125, 2.4, 2.4, '#ffffff') + oval(232, 125, 2.4, 2.4, '#ffffff'),
  ].join('');

/** What is played with. */
export const toysMotifs = {
  train: (tone = '#c23f36') =>
    placed(
      'translate(8 14) scale(.955)',
      shadow(200, 318, 190, 18),
      line('M10 316H390', '#a9743f', 8),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], (at) => box(16 + at * 40, 316, 20, 10, 2, '#7b5230')),
      box(232, 268, 146, 18, 4, '#3a4a68', fall),
      box(238, 192, 92, 78, 26, tone, grain, 'url(#fall)'),
      box(236, 176, 16, 16, 0, tone),
      box(216, 130, 62, 140, 6, lighter(tone, 0.04), grain, slant),
      path('M206 118H288L280 136H214z', '#3a4a68', slant),
      box(230, 150, 34, 38, 5, '#fbf3dc'),
      path('M300 194V152l-8 -14h36l-8 14V194z', '#3a4a68', round),
      oval(310, 138, 18, 5, darker('#3a4a68', 0.4)),
      oval(330, 232, 12, 34, '#e3b34a', ball),
      path('M376 268L396 296H350L356 268z', '#3a4a68'),
      wheel(258, 290, 28, '#e3b34a') + wheel(334, 296, 21, '#e3b34a'),
      line('M258 290L334 296', ink, 5),
      line('M216 278H188M108 278H84', ink, 5),
      box(112, 268, 82, 16, 4, '#3a4a68', fall),
      path('M108 216H198V268H108z', '#4f8a6b', grain, slant),
      repeated(points('124 212, 152 206, 180 212'), ([x, y]) => oval(x, y, 19, 17, beech, ball)),
      path('M108 222H198V268H108z', '#4f8a6b', grain, slant),
      wheel(132, 296, 20, '#c23f36') + wheel(178, 296, 20, '#c23f36'),
      box(4, 268, 84, 16, 4, '#3a4a68', fall),
      path('M2 226H92V268H2z', '#e3a93c', grain, slant),
      repeated([0, 1, 2], (at) => oval(22 + at * 25, 214, 13, 12, oak, ball)),
      wheel(26, 296, 20, '#4f8a6b') + wheel(70, 296, 20, '#4f8a6b'),
      faded(0.7, oval(312, 104, 18, 16, '#ffffff', ball), oval(290, 74, 25, 21, '#ffffff', ball), oval(254, 44, 32, 25, '#ffffff', ball)),
    ),
  blocks: () =>
    [
      shadow(200, 342, 168, 22),
      block(40, 250, 84, '#c23f36', oval(42, 42, 24, 24, '#fbf3dc')),
      block(146, 250, 84, '#3f72ae', path('M42 16L68 66H16z', '#fbf3dc')),
      block(252, 250, 84, '#e3a93c', box(20, 20, 44, 44, 4, '#fbf3dc')),
      path('M54 233H234l24 -17H78z', lighter(beech, 0.3)),
      block(94, 150, 84, '#4f8a6b', path('M42 12l9 20 22 2 -17 15 5 21 -19 -12 -19 12 5 -21 -17 -15 22 -2z', '#fbf3dc')),
      placed('translate(222 232)', path('M0 0V-50q0 -34 46 -34t46 34V0H66V-34q0 -16 -20 -16t-20 16V0z', beech, grain, slant)),
      placed(
        'translate(98 150)',
        path('M0 -2L42 -76L84 -2z', '#d96f3d', grain, slant),
        path('M84 -2L42 -76L66 -88L106 -18z', darker('#d96f3d', 0.32)),
      ),
      turned(352, points('294 24, 294 24, 346 24'), '#8d76b4', round),
      oval(352, 294, 24, 6, lighter('#8d76b4', 0.4)),
    ].join(''),
  bear: (tone = '#e0cda9') =>
    sitting(
      tone,
      knit,
      [
        oval(132, 82, 32, 32, tone, knit, ball),
        oval(268, 82, 32, 32, tone, knit, ball),
        oval(132, 84, 17, 17, darker(tone, 0.24), knit),
        oval(268, 84, 17, 17, darker(tone, 0.24), knit),
      ].join(''),
      [
        oval(200, 164, 36, 28, lighter(tone, 0.4), knit),
        path('M184 150q16 -8 32 0q-4 16 -16 18q-12 -2 -16 -18z', '#4a342a'),
        line('M200 168v10M186 180q14 10 28 0', '#4a342a', 3.4),
      ].join(''),
      [
        oval(200, 276, 52, 56, lighter(tone, 0.28), knit),
        path('M130 204Q200 232 270 204l-4 24Q200 252 134 228z', '#b3562f', knit, slant),
        path('M232 222l30 58 -26 8 -24 -58z', '#a04a28', knit),
      ].join(''),
    ),
  rabbit: (tone = '#d9cfc4') =>
    placed(
      'translate(25 54) scale(.875)',
      sitting(
        tone,
        speckle,
        [
          path('M150 92Q110 -10 136 -34Q168 -36 188 78z', tone, speckle, slant),
          path('M212 78Q232 -36 264 -34Q290 -10 250 92z', darker(tone, 0.06), speckle, slant),
          path('M154 76Q128 4 142 -14Q160 -10 176 70z', '#e0a5aa') + path('M224 70Q240 -10 258 -14Q272 4 246 76z', '#d89ba1'),
        ].join(''),
        [
          oval(184, 166, 22, 18, lighter(tone, 0.5)),
          oval(216, 166, 22, 18, lighter(tone, 0.5)),
          path('M190 150h20l-10 12z', '#c9747f'),
          line('M200 162v8M160 160l-34 -6M160 168l-34 4M240 160l34 -6M240 168l34 4', '#6b5a52', 2.4),
        ].join(''),
        [
          path('M122 214Q200 244 278 214Q296 262 286 314Q200 344 114 314Q104 262 122 214z', '#4f6f8a', weave, slant),
          line('M200 232V330', darker('#4f6f8a', 0.4), 3),
          oval(190, 262, 5, 5, '#f2e7cf') + oval(190, 292, 5, 5, '#f2e7cf'),
          path('M222 268h44v34q-22 12 -44 0z', lighter('#4f6f8a', 0.16), weave),
          dashed('M222 268h44v34q-22 12 -44 0z', '#f2e7cf', 2, '4 3'),
          path('M232 270l10 -22 10 22z', '#d96f3d'),
          path('M150 218L200 232L176 254zM250 218L200 232L224 254z', lighter('#4f6f8a', 0.3)),
        ].join(''),
      ),
    ),
  morris: (tone = oak) =>
    placed(
      'rotate(-4 200 200)',
      lifted(
        box(44, 50, 312, 312, 14, darker(tone, 0.42)),
        box(44, 42, 312, 312, 14, tone, grain, slant),
        line('M74 72H326V324H74zM116 114H284V282H116zM158 156H242V240H158zM200 72V156M200 240V324M74 198H158M242 198H326', '#4a2e18', 4.4),
        repeated(points('74 72, 200 72, 326 72, 74 198, 326 198, 74 324, 200 324, 326 324, 116 114, 284 114, 116 282, 284 282'), ([x, y]) =>
          oval(x, y, 6, 6, '#4a2e18'),
        ),
      ),
      repeated(points('74 72, 200 72, 326 72, 158 198, 116 282, 242 240, 284 198'), ([x, y]) =>
        [oval(x + 4, y + 7, 20, 17, 'url(#shadow)'), oval(x, y + 3, 17, 15, '#c9b58c'), oval(x, y - 2, 17, 15, '#f4e8cc', ball)].join(''),
      ),
      repeated(points('200 114, 284 114, 158 156, 326 324, 200 324, 74 198'), ([x, y]) =>
        [oval(x + 4, y + 7, 20, 17, 'url(#shadow)'), oval(x, y + 3, 17, 15, '#1f1712'), oval(x, y - 2, 17, 15, '#4a362a', ball)].join(''),
      ),
    ),
  'memory cards': () => {
    const card = (x: number, y: number, turn: number, content: string) =>
      placed(`translate(${x} ${y}) rotate(${turn})`, lifted(box(-62, -62, 124, 124, 12, paper, slant), content));
    const bird = (body: string, belly: string, crown: string) =>
      [
        line('M-50 40Q0 30 50 42', '#7a5a3a', 5),
        path('M-44 34Q-34 -10 0 -16Q8 -42 32 -36Q46 -30 42 -12Q40 24 6 34Q-8 38 -20 34L-52 48z', body, ball),
        path('M6 -4Q24 -10 40 -4Q38 24 8 32Q-6 16 6 -4z', belly),
        path('M2 -18Q8 -42 32 -36Q40 -32 42 -24Q20 -20 2 -18z', crown),
        path('M42 -22l14 5l-14 4z', '#3a2c24'),
        oval(30, -24, 3, 3, '#1c1714'),
        path('M-30 22Q-16 -6 6 -4Q0 24 -30 22z', darker(body, 0.3)),
      ].join('');
    const back = [
      box(-54, -54, 108, 108, 8, '#3f6b5c'),
      repeated([-36, -12, 12, 36], (x) => repeated([-36, -12, 12, 36], (y) => path(`M${x} ${y - 8}l8 8 -8 8 -8 -8z`, '#8fb59a'))),
    ].join('');
    const frame = (content: string) => line('M-52 -52H52V52H-52z', '#d6ccb6', 2) + content;
    return [
      card(120, 116, -7, back),
      card(282, 112, 6, frame(bird('#5f86a8', '#f0cf5a', '#34547a'))),
      card(116, 272, 5, frame(bird('#8b7a68', '#d96f3d', '#8b7a68'))),
      card(272, 282, -9, frame(bird('#8b7a68', '#d96f3d', '#8b7a68'))),
    ].join('');
  },
  jigsaw: () => {
    const columns = [1, 2, 3, 4];
    const across = [...columns, 5].flatMap((x) =>
      columns.map((y) => `M${x * 60 - 20} ${50 + y * 48}h23q${(x + y) % 2 ? '-6 -12 7 -12t7 12' : '-6 12 7 12t7 -12'}h23`),
    );
    const down = columns.flatMap((x) =>
      [0, ...columns].map((y) => `M${40 + x * 60} ${50 + y * 48}v17q${(x + y) % 2 ? '-11 -5 -11 7t11 7' : '11 -5 11 7t-11 7'}v17`),
    );
    const cuts = [...across, ...down].join('');
    const piece = 'M0 0H34q-8 -22 16 -22t16 22H100V34q22 -8 22 16t-22 16V100H66q8 -22 -16 -22t-16 22H0V66q22 8 22 -16T0 34z';
    return [
      lifted(
        box(40, 50, 300, 240, 4, '#a9d0e2'),
        box(40, 50, 300, 90, 4, '#cfe4ea'),
        oval(280, 96, 22, 22, '#f6cf75'),
        path('M40 150L90 116L150 146L214 108L300 150L340 136V180H40z', '#8fa9a0'),
        path('M40 176H340V290H40z', '#4f86a6'),
        repeated([0, 1, 2, 3, 4], (row) =>
          line(
            `M${52 + (row % 2) * 24} ${200 + row * 20}h40M${150 + (row % 2) * 30} ${196 + row * 20}h36M${260 - (row % 2) * 30} ${204 + row * 18}h44`,
            '#9cc4d6',
            3,
            0.7,
          ),
        ),
        path('M86 216H196L178 250H108z', '#c23f36', fall),
        path('M138 210V106L200 204z', '#fdfaf2', slant) + path('M132 210V122L92 206z', '#f2dfb6', slant),
        line('M136 216V98', '#5a3f24', 5),
        path('M226 196H320L306 224H240z', '#3f6b5c', fall) + box(252, 170, 36, 26, 3, '#fdfaf2') + line('M300 196V150', '#5a3f24', 4),
        line(cuts, '#2f5468', 1.8, 0.55),
      ),
      path('M220 242V290H280V242h-23q6 -12 -7 -12t-7 12z', '#e6cd9a', fall),
      placed('translate(262 258) rotate(16)', lifted(path(piece, '#4f86a6', slant), line('M14 60h40M30 84h36', '#9cc4d6', 4))),
      placed('translate(70 296) rotate(-14) scale(.78)', lifted(path(piece, '#cfe4ea', slant), oval(60, 46, 18, 18, '#f6cf75'))),
    ].join('');
  },
  kite: (tone = '#c23f36') =>
    [
      faded(
        0.85,
        oval(84, 92, 40, 18, '#ffffff'),
        oval(118, 80, 34, 22, '#ffffff'),
        oval(330, 250, 34, 16, '#ffffff'),
        oval(354, 240, 24, 18, '#ffffff'),
      ),
      line('M206 250Q250 300 190 330T210 390', darker(tone, 0.3), 3),
      repeated(points('222 286 20, 194 326 -30, 196 366 24'), ([x, y, turn]) =>
        placed(`translate(${x} ${y}) rotate(${turn})`, path('M0 0L-24 -13V13zM0 0L24 -13V13z', '#e3a93c', slant)),
      ),
      line('M206 150Q120 260 34 392', '#5a5148', 2),
      lifted(
        path('M214 26L96 126L206 254z', tone, slant),
        path('M214 26L206 254L322 146z', darker(tone, 0.22), slant),
        path('M214 26L96 126L210 136z', lighter(tone, 0.35), slant),
        path('M210 136L206 254L322 146z', '#f2c14e', slant),
        line('M214 26L206 254M96 126Q208 148 322 146', '#5a3f24', 5),
        line('M214 26L96 126L206 254L322 146z', darker(tone, 0.5), 3),
      ),
      placed(
        'translate(40 366) rotate(-20)',
        box(-26, -12, 52, 34, 6, '#e3a93c', slant),
        line('M-20 -4h40M-20 5h40M-20 14h40', '#fdf6e4', 4),
      ),
    ].join(''),
  'spinning top': (tone = '#d9a866') =>
    [
      oval(214, 352, 92, 14, 'url(#shadow)'),
      line('M110 344q90 26 190 0M84 330q20 18 60 24', '#b98f58', 3, 0.5),
      placed(
        'rotate(12 200 350)',
        turned(200, points('62 15, 70 18, 88 13, 150 13, 168 30'), tone, upgrain, round),
        path(
          'M74 196Q96 166 170 164H230Q304 166 326 196Q328 214 316 226Q256 262 208 350H192Q144 262 84 226Q72 214 74 196z',
          tone,
          grain,
          round,
        ),
        path('M74 196Q200 244 326 196Q328 208 322 218Q200 268 78 218Q72 208 74 196z', '#c23f36', round),
        path('M98 234Q200 276 302 234L286 248Q200 288 114 248z', '#3f72ae', round),
        path('M130 264Q200 296 270 264L258 280Q200 306 142 280z', '#e3a93c', round),
        path('M192 340h16l-4 18h-8z', '#5a3f24'),
        line('M104 186Q128 172 168 170', '#ffffff', 6, 0.5),
      ),
    ].join(''),
};
