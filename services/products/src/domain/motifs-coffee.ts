import { ash, brass, darker, iron, lighter, porcelain, steel } from './picture-colours.ts';
import { ball, fall, glass, grain, metal, round, slant, speckle } from './picture-fills.ts';
import { box, faded, gleam, line, opening, oval, path, placed, points, repeated, shadow, steam, turned } from './picture-shapes.ts';

const coffee = '#5a3420';

/** What coffee and tea are made and drunk with. */
export const coffeeMotifs = {
  mug: (tone = '#f1e6cc') =>
    [
      shadow(196, 328, 92),
      line('M268 208q62 -10 62 44t-74 46', darker(tone, 0.2), 24),
      line('M268 206q58 -8 58 44t-72 44', tone, 16),
      turned(186, points('166 92, 166 92, 270 90, 304 82, 318 70'), tone, speckle, round),
      turned(186, points('312 74, 326 64'), '#c9ab84', round),
      opening(186, 166, 92, lighter(tone, 0.45), lighter(tone, 0.1)),
      oval(186, 171, 80, 12, coffee),
      line('M116 176q60 14 110 4', '#8d5a36', 3, 0.8),
      gleam(120, 200, 74, 9, 0.4),
      steam(186, 140),
    ].join(''),
  'espresso cup': (tone = '#f5f3ee') =>
    [
      shadow(200, 322, 128, 22),
      oval(200, 306, 146, 32, darker(tone, 0.32)),
      oval(200, 300, 146, 32, tone, slant),
      oval(200, 302, 92, 18, darker(tone, 0.14)),
      line('M264 226q48 -8 48 24t-62 28', darker(tone, 0.22), 18),
      line('M264 224q44 -6 44 24t-58 26', tone, 11),
      turned(200, points('204 78, 226 77, 268 62, 298 40'), tone, round),
      opening(200, 204, 78, lighter(tone, 0.4), lighter(tone, 0.05)),
      oval(200, 208, 66, 10, coffee),
      oval(192, 207, 46, 6, '#b07a45'),
      line('M140 226q6 34 24 50', '#ffffff', 7, 0.5),
      steam(200, 182),
    ].join(''),
  dripper: (tone = porcelain) =>
    [
      shadow(200, 346, 84),
      faded(0.55, turned(200, points('250 58, 262 66, 320 78, 340 70'), '#dbe9ec')),
      turned(200, points('300 72, 300 72, 322 76, 336 66'), coffee, round),
      turned(200, points('250 58, 262 66, 320 78, 340 70'), glass),
      line('M262 264q54 -2 54 30t-44 30', '#c3d6da', 9),
      turned(200, points('240 98, 246 98, 252 92'), tone, round),
      oval(200, 240, 98, 20, darker(tone, 0.08)),
      line('M288 134q54 -4 48 34t-70 30', darker(tone, 0.2), 20),
      line('M288 131q50 -2 44 34t-66 28', tone, 13),
      path('M84 112L148 238a52 10 0 0 0 104 0L316 112z', tone, round),
      repeated([0, 1, 2, 3, 4], (at) =>
        line(`M${122 + at * 40} ${134 + (2 - Math.abs(at - 2)) * 5}q${18 - at * 4} 50 ${36 - at * 16} 104`, darker(tone, 0.3), 4, 0.4),
      ),
      oval(200, 112, 116, 26, tone),
      path('M92 108L66 78Q200 46 334 78L308 108a108 22 0 0 1 -216 0z', '#efe4cd'),
      oval(200, 108, 106, 22, '#e6d8bb'),
      oval(200, 113, 92, 16, coffee, speckle),
      line('M70 80Q200 48 330 80', '#ffffff', 3, 0.8),
    ].join(''),
  'coffee grinder': (tone = steel) =>
    [
      shadow(200, 346, 66),
      turned(200, points('254 56, 254 56, 326 56, 340 50'), ash, grain, round),
      turned(200, points('120 58, 120 58, 250 58, 254 58'), tone, metal),
      line('M142 246a58 11 0 0 0 116 0M142 136a58 11 0 0 0 116 0', darker(tone, 0.4), 3, 0.7),
      oval(200, 120, 58, 12, lighter(tone, 0.4)),
      turned(200, points('104 16, 106 20, 118 34'), tone, metal),
      path('M192 86h20l136 18q10 6 0 16l-150 -12z', lighter(tone, 0.1), fall),
      oval(200, 92, 16, 9, tone, ball),
      turned(340, points('50 20, 58 26, 78 24, 98 12'), '#8b5a34', grain, round),
      gleam(160, 150, 84, 6, 0.7),
      repeated(points('84 350, 112 360, 300 358, 322 348, 58 362'), ([x, y], at) =>
        placed(`translate(${x} ${y}) rotate(${at * 47})`, oval(0, 0, 11, 8, coffee, ball), line('M-8 0q8 -4 16 0', '#2b170c', 2)),
      ),
    ].join(''),
  'french press': (tone = steel) =>
    [
      shadow(190, 348, 88),
      line('M262 150h42q16 0 16 16v116q0 16 -16 16h-42', iron, 16),
      line('M266 146h40q12 0 12 14v100', lighter(iron, 0.4), 3, 0.7),
      faded(0.5, turned(180, points('128 82, 128 82, 326 82, 332 80'), '#dbe9ec')),
      turned(180, points('206 79, 206 79, 322 79, 328 78'), coffee, round),
      oval(180, 206, 79, 15, '#7a4a2c'),
      line('M180 130v76', tone, 6),
      turned(180, points('196 76, 196 76, 206 76'), lighter(tone, 0.2), metal),
      turned(180, points('128 82, 128 82, 326 82, 332 80'), glass),
      path('M98 128q-14 -10 -28 -12q4 18 28 34z', '#dbe9ec', glass),
      turned(180, points('318 86, 318 86, 340 86'), tone, metal),
      turned(180, points('142 85, 142 85, 152 85'), tone, metal),
      repeated([112, 180, 248], (x) => box(x - 5, 150 + (x === 180 ? 12 : 0), 10, 178, 3, tone, metal)),
      path('M94 130Q100 96 180 92Q260 96 266 130a86 17 0 0 1 -172 0z', tone, metal, fall),
      line('M180 94V60', tone, 7),
      oval(180, 50, 17, 16, iron, ball),
      gleam(116, 172, 130, 8, 0.65),
    ].join(''),
  teapot: (tone = '#4b5350') =>
    [
      shadow(200, 334, 118),
      line('M104 172Q90 44 200 44T296 172', darker(tone, 0.35), 14),
      line('M106 168Q96 48 200 47', lighter(tone, 0.35), 3, 0.7),
      path('M284 232q40 -8 52 -58l30 6q-10 80 -78 116z', tone, fall),
      oval(351, 177, 16, 7, darker(tone, 0.5)),
      turned(200, points('172 74, 186 106, 240 128, 290 108, 322 70'), tone, ball),
      repeated([206, 228, 250, 272, 294], (y, row) =>
        repeated(
          [-4, -3, -2, -1, 0, 1, 2, 3, 4].map((x) => x + (row % 2) / 2).filter((x) => Math.abs(x) * 27 < 112 - Math.abs(250 - y) * 0.5),
          (x) => oval(200 + x * 27 - x * Math.abs(x) * 0.6, y + 6 - x * x * 0.7, 5, 4.4, lighter(tone, 0.16), ball),
        ),
      ),
      path('M124 172Q140 140 200 138Q260 140 276 172a76 15 0 0 1 -152 0z', lighter(tone, 0.08), round),
      line('M124 174a76 15 0 0 0 152 0', darker(tone, 0.5), 3),
      turned(200, points('112 11, 120 16, 130 9, 142 12'), brass, metal),
      line('M104 224q6 -22 22 -32', '#ffffff', 6, 0.4),
    ].join(''),
  'tea caddy': (tone = '#9d3b5e') =>
    [
      shadow(200, 342, 88),
      turned(200, points('150 84, 150 84, 332 84, 336 82'), tone, round),
      oval(200, 248, 46, 54, '#f6ecd6'),
      oval(200, 248, 40, 48, tone),
      oval(200, 248, 37, 45, '#f6ecd6'),
      placed(
        'translate(200 258)',
        path('M0 26Q-4 -4 0 -30Q14 -12 0 26M-2 8Q-28 6 -28 -18Q-4 -16 -2 8zM2 4Q26 0 28 -24Q6 -20 2 4z', '#4f7a45'),
      ),
      turned(200, points('92 86, 92 86, 154 88, 158 88'), lighter(tone, 0.06), round),
      oval(200, 92, 86, 17, lighter(tone, 0.3), slant),
      oval(200, 92, 68, 12, lighter(tone, 0.18)),
      line('M112 156a88 17 0 0 0 176 0M114 146a88 17 0 0 0 172 0', '#e0bd6a', 2.5),
      line('M116 314a84 17 0 0 0 168 0', '#e0bd6a', 2.5),
      gleam(136, 176, 136, 8, 0.35),
    ].join(''),
  'espresso maker': (tone = steel) =>
    [
      shadow(196, 350, 82),
      path('M252 148q50 -14 56 20q2 46 -30 78l-16 -10q24 -36 18 -58q-4 -14 -26 -8z', iron, slant),
      path('M140 224L116 342a82 16 0 0 0 160 0L252 224z', tone),
      path('M140 224L116 342l32 12 24 -124z', lighter(tone, 0.35)),
      path('M172 230l-24 124q48 8 96 0L220 230z', lighter(tone, 0.08)),
      path('M220 230l24 124 32 -12L252 224z', darker(tone, 0.3)),
      oval(262, 296, 8, 8, darker(tone, 0.5), ball),
      box(134, 206, 124, 26, 6, tone, metal),
      path('M124 112L144 206h104L268 112z', tone),
      path('M124 112l20 94 28 4 -14 -94z', lighter(tone, 0.4)),
      path('M158 116l14 94h48l14 -94z', lighter(tone, 0.1)),
      path('M234 116l-14 94 28 -4 20 -94z', darker(tone, 0.3)),
      path('M124 112l-24 -16q10 34 34 58z', tone, slant),
      path('M120 112L160 84h72l40 28q-76 18 -152 0z', lighter(tone, 0.14), round),
      line('M120 112q76 18 152 0', darker(tone, 0.4), 3),
      turned(196, points('52 12, 58 15, 72 8, 84 12'), iron, round),
      line('M150 244l-16 86M140 130l12 60', '#ffffff', 5, 0.7),
    ].join(''),
};
