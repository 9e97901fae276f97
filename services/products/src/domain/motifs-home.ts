import { ash, brass, darker, ink, lighter, oak, paper } from './picture-colours.ts';
import { ball, bristle, fall, glass, glow, grain, round, slant, upgrain, waffle, weave, wicker } from './picture-fills.ts';
import {
  box,
  dashed,
  faded,
  gleam,
  lens,
  lifted,
  line,
  opening,
  oval,
  path,
  placed,
  points,
  repeated,
  shadow,
  turned,
} from './picture-shapes.ts';

const flame = (x: number, y: number): string =>
  [
    oval(x, y - 26, 70, 70, glow),
    path(`M${x} ${y - 62}q20 30 13 48q-5 12 -13 12t-13 -12q-7 -18 13 -48z`, '#f4a431'),
    path(`M${x} ${y - 44}q10 18 7 28q-3 9 -7 9t-7 -9q-3 -10 7 -28z`, '#fff1b8'),
    line(`M${x} ${y + 10}v-16`, '#3a2c24', 4),
  ].join('');

const yarn = (x: number, y: number, size: number, tone: string): string =>
  placed(
    `translate(${x} ${y}) scale(${size / 50})`,
    oval(0, 0, 50, 50, tone, ball),
    repeated([-30, -18, -6, 6, 18, 30], (at) =>
      line(`M${at - 16} ${-40 + Math.abs(at) * 0.5}Q${at + 26} 0 ${at - 4} ${42 - Math.abs(at) * 0.5}`, darker(tone, 0.3), 2.5, 0.6),
    ),
    repeated([-22, -10, 2, 14], (at) => line(`M-40 ${at}Q0 ${at - 34} 40 ${at - 4}`, lighter(tone, 0.4), 2.5, 0.7)),
  );

/** What makes rooms pleasant. */
export const homeMotifs = {
  cushion: (tone = '#6d8050') =>
    [
      shadow(200, 338, 140),
      path(
        'M70 66Q200 96 330 66Q344 60 342 78Q314 200 342 318Q344 338 326 332Q200 304 74 332Q56 338 58 318Q86 200 58 78Q56 60 70 66z',
        tone,
        weave,
        fall,
      ),
      oval(190, 190, 104, 92, 'url(#plump)'),
      lens(78, 84, 62, 58, 14, 8, darker(tone, 0.7), 0.28) + lens(322, 84, -62, 58, -22, 8, darker(tone, 0.7), 0.28),
      lens(80, 314, 60, -58, 14, 8, darker(tone, 0.7), 0.28) + lens(320, 314, -60, -58, -22, 8, darker(tone, 0.7), 0.28),
      lens(200, 88, 6, 44, 6, 6, darker(tone, 0.7), 0.16) + lens(206, 308, -6, -44, -12, 6, darker(tone, 0.7), 0.2),
      dashed(
        'M70 66Q200 96 330 66Q344 60 342 78Q314 200 342 318Q344 338 326 332Q200 304 74 332Q56 338 58 318Q86 200 58 78Q56 60 70 66z',
        lighter(tone, 0.45),
        3,
        '7 5',
      ),
      path('M310 300l30 6v30l-34 -8z', '#8b5a34', slant),
    ].join(''),
  throw: (tone = '#d9b8a0') =>
    [
      shadow(204, 334, 156),
      repeated([0, 1, 2], (at) =>
        [
          path(
            `M54 ${276 - at * 32}q-12 20 4 42Q200 ${340 - at * 32} 346 ${310 - at * 32}q12 -20 2 -42z`,
            darker(tone, 0.12 - at * 0.04),
            waffle,
            fall,
          ),
          line(`M58 ${318 - at * 32}Q200 ${340 - at * 32} 346 ${310 - at * 32}`, darker(tone, 0.5), 2.5, 0.5),
        ].join(''),
      ),
      path('M54 212Q58 160 108 132Q200 116 296 128Q340 158 348 206Q200 236 54 212z', lighter(tone, 0.12), waffle, slant),
      path('M168 126Q240 118 296 128Q330 156 336 206L340 300Q262 322 178 312Q160 200 168 126z', lighter(tone, 0.26), waffle, slant),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], (at) =>
        line(
          `M${184 + at * 11.6} ${314 - Math.max(0, at - 6) * 1.6}q${(at % 3) * 2 - 2} 12 ${(at % 2) * 3 - 1} 28`,
          lighter(tone, 0.3),
          4.5,
        ),
      ),
      path('M176 286Q262 298 339 276L340 286Q262 308 177 296z', '#fbf3e6'),
    ].join(''),
  candle: (tone = '#e3a93c') =>
    [
      shadow(200, 344, 104),
      turned(200, points('318 104, 324 108, 334 92'), '#a8763f', grain, round),
      oval(200, 318, 104, 21, '#c08e52', grain),
      turned(200, points('134 58, 134 58, 310 58, 316 58'), tone, round),
      path('M258 150q4 40 -2 66q-10 8 -12 -12l-2 -54zM142 150q-2 26 2 40q10 6 12 -10v-30z', lighter(tone, 0.35)),
      oval(200, 134, 58, 12, lighter(tone, 0.4)),
      oval(200, 135, 44, 8, '#f7d88c'),
      repeated([0, 1, 2, 3], (row) =>
        repeated(
          (row % 2 ? [0, 1, 2] : [0, 1, 2, 3]).map((x) => 150 + x * 26 + (row % 2) * 13),
          (x) => line(`M${x} ${226 + row * 22}l8 -5 8 5v10l-8 5 -8 -5z`, darker(tone, 0.35), 1.6, 0.35),
        ),
      ),
      gleam(164, 160, 140, 7, 0.4),
      flame(200, 126),
    ].join(''),
  'scented candle': (tone = '#ead9bd') =>
    [
      shadow(196, 342, 92),
      turned(196, points('186 84, 186 84, 322 82, 330 78'), tone, round),
      oval(196, 186, 84, 16, lighter(tone, 0.4)),
      oval(196, 187, 60, 10, '#f4dfae'),
      flame(196, 182),
      faded(0.35, turned(196, points('140 88, 140 88, 328 86, 340 80'), '#cfe0e2')),
      turned(196, points('140 88, 140 88, 328 86, 340 80'), glass),
      line('M108 140a88 17.6 0 1 0 176 0a88 17.6 0 1 0 -176 0', '#ffffff', 3, 0.8),
      box(146, 224, 100, 82, 3, paper),
      box(152, 230, 88, 70, 2, '#4a5b48'),
      path('M196 240l16 20h-8l12 16h-14v14h-12v-14h-14l12 -16h-8z', paper),
      gleam(126, 176, 130, 8, 0.6),
      placed(
        'translate(300 334) rotate(-18)',
        line('M-8 0Q26 -8 62 -4', '#5f6d46', 4),
        repeated([0, 1, 2, 3, 4, 5], (at) => line(`M${at * 10} ${-1 - at}l8 -14M${at * 10} ${-1 - at}l12 10`, '#6d8050', 5)),
      ),
    ].join(''),
  'wall clock': (tone = oak) =>
    lifted(
      oval(200, 204, 152, 152, darker(tone, 0.45)),
      oval(200, 200, 152, 152, darker(tone, 0.12), upgrain, slant),
      oval(200, 200, 136, 136, lighter(tone, 0.2), grain, slant),
      repeated(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        (hour) =>
          `<rect x="${hour % 3 === 0 ? 196 : 198}" y="76" width="${hour % 3 === 0 ? 8 : 4}" height="${hour % 3 === 0 ? 26 : 16}" rx="2" fill="${ink}" transform="rotate(${hour * 30} 200 200)"/>`,
      ),
      line('M200 200L148 148', ink, 10),
      line('M200 200L268 124', ink, 6),
      line('M200 214L200 200', ink, 6),
      oval(200, 200, 11, 11, brass, ball),
      line('M88 148Q112 92 168 74', '#ffffff', 6, 0.35),
    ),
  'picture frame': (tone = ash) =>
    lifted(
      box(88, 40, 224, 314, 4, darker(tone, 0.4)),
      box(86, 36, 224, 314, 4, tone, upgrain),
      path('M86 36H310L294 52H102z', lighter(tone, 0.3), grain),
      path('M86 350H310L294 334H102z', darker(tone, 0.22), grain),
      path('M310 36V350L294 334V52z', darker(tone, 0.14), upgrain),
      box(102, 52, 192, 282, 0, '#faf7f0'),
      faded(0.25, path('M102 52h192v7H109v275h-7z', '#2a1d10')),
      box(134, 92, 128, 192, 0, '#bcd8e4'),
      oval(224, 140, 18, 18, '#f6cf75'),
      path('M134 214q30 -44 58 -30q24 -40 70 10v90H134z', '#7fa08a'),
      path('M134 240q44 -26 76 -4q30 -16 52 -2v50H134z', '#4f7a5c'),
      path('M150 284q20 -40 60 -48q-30 20 -24 48z', '#e8d6ae'),
      faded(0.4, path('M112 60L200 60L112 230z', '#ffffff')),
    ),
  basket: (tone = '#c7a467') =>
    [
      shadow(200, 342, 124),
      line('M104 178Q86 106 130 106T168 172M296 178Q314 106 270 106T232 172', darker(tone, 0.3), 14),
      opening(200, 182, 128, darker(tone, 0.08), darker(tone, 0.4)),
      yarn(142, 158, 50, '#c9745f'),
      yarn(258, 160, 48, '#6f8f9c'),
      yarn(202, 150, 58, '#ead9b8'),
      line('M232 180L300 66M214 176L270 52', '#b98a55', 6),
      oval(300, 64, 7, 7, '#8b5a34', ball) + oval(270, 50, 7, 7, '#8b5a34', ball),
      path('M72 182a128 26 0 0 0 256 0Q338 262 300 330a110 20 0 0 1 -200 0Q62 262 72 182z', tone, wicker, round),
      line('M72 184a128 26 0 0 0 256 0', lighter(tone, 0.25), 9),
      line('M74 188a128 26 0 0 0 252 0', darker(tone, 0.5), 2, 0.5),
      path('M72 250Q200 290 328 250L326 274Q200 314 74 274z', '#f1e6cf', wicker),
    ].join(''),
  'door mat': (tone = '#a9783f') =>
    [
      faded(0.32, path('M86 150H320L392 312H20z', '#2a1d10')),
      path('M18 298h364v10H18z', darker(tone, 0.5)),
      path('M84 138H316L382 298H18z', tone, bristle, slant),
      line('M97 150H303L356 284H44z', '#2f2a26', 6, 0.85),
      line('M104 156H296L344 277H56z', '#2f2a26', 2.5, 0.85),
      placed(
        'translate(200 218) scale(1 .62)',
        path('M0 -62L72 -6H52V62H-52V-6H-72z', '#2f2a26'),
        path('M-15 62V20h30v42zM-38 4h20v20h-20zM18 4h20v20h-20z', lighter(tone, 0.1)),
      ),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17], (at) =>
        line(`M${24 + at * 20.6} 306l-1 8`, darker(tone, 0.25), 3),
      ),
    ].join(''),
  'coat hooks': (tone = oak) =>
    [
      lifted(
        box(24, 142, 352, 62, 8, darker(tone, 0.35)),
        box(24, 138, 352, 60, 8, tone, grain, fall),
        oval(42, 168, 6, 6, darker(brass, 0.2), ball) + oval(358, 168, 6, 6, darker(brass, 0.2), ball),
        repeated([82, 141, 200, 259, 318], (x) =>
          [
            oval(x, 168, 15, 19, brass, ball),
            line(`M${x} 168q2 66 12 72q18 2 18 -22`, darker(brass, 0.35), 11),
            line(`M${x} 168q2 62 12 68q16 2 16 -20`, brass, 7),
            oval(x + 29, 213, 8, 8, brass, ball),
            line(`M${x} 164v-26`, brass, 8),
            oval(x, 134, 9, 9, brass, ball),
          ].join(''),
        ),
      ),
      lifted(
        line('M150 216L132 262M158 222L176 262', '#b3562f', 7),
        path('M108 258H202L212 366H98z', '#e9dcc0', weave, slant),
        path('M108 258H202L203 270H107z', '#d8c7a4', weave),
        lens(126, 280, 4, 80, 16, 6, '#6b5a3c', 0.25),
        path('M140 306q16 -20 32 0q-16 30 -32 0z', '#b3562f'),
      ),
    ].join(''),
};
