import { brass, darker, ink, iron, lighter, paper, steel } from './picture-colours.ts';
import { ball, fall, glass, round, sheet, slant, speckle } from './picture-fills.ts';
import { box, faded, gleam, lifted, line, oval, path, placed, points, repeated, shadow, turned } from './picture-shapes.ts';

const pencil = (y: number, colour: string): string =>
  [
    box(64, y, 214, 18, 1, colour),
    box(64, y, 214, 6, 1, lighter(colour, 0.35)),
    box(64, y + 12, 214, 6, 1, darker(colour, 0.3)),
    path(`M278 ${y}L322 ${y + 9}L278 ${y + 18}q6 -3 0 -6q6 -3 0 -6q6 -3 0 -6z`, '#e6c594'),
    path(`M308 ${y + 6}L322 ${y + 9}L308 ${y + 12}z`, ink),
    box(64, y, 12, 18, 1, '#d8c08a'),
  ].join('');

/** What is written and drawn with. */
export const stationeryMotifs = {
  'dotted notebook': (tone = '#31426b') =>
    placed(
      'rotate(-7 200 200)',
      lifted(
        path('M112 60h196q10 0 10 10V346q0 10 -10 10H112z', darker(tone, 0.4)),
        box(110, 56, 202, 294, 4, '#f4ead6'),
        line('M306 62v282M310 62v284', '#cdbf9f', 1),
        path('M92 50q0 -10 12 -10H290q12 0 12 12V332q0 12 -12 12H104q-12 0 -12 -10z', tone, slant, speckle),
        path('M92 50q0 -10 12 -10h12V344h-12q-12 0 -12 -10z', darker(tone, 0.25)),
        box(268, 40, 11, 304, 0, lighter(tone, 0.35), round),
        path('M160 344h12v28l-6 -7l-6 7z', '#d9632f'),
        box(142, 102, 96, 60, 3, '#f7efdd'),
        repeated([0, 1, 2, 3, 4], (column) =>
          repeated([0, 1, 2], (row) => oval(156 + column * 17, 116 + row * 16, 2, 2, darker(tone, 0.1))),
        ),
        gleam(126, 52, 270, 3, 0.2),
      ),
    ),
  'pocket notebook': (tone = '#c29a66') =>
    [
      placed(
        'rotate(8 220 210)',
        lifted(
          box(164, 92, 170, 240, 4, '#f4ead6'),
          box(160, 88, 170, 240, 8, '#5f7a68', speckle, slant),
          line('M168 140v16M168 260v16', steel, 4),
        ),
      ),
      placed(
        'rotate(-8 180 210)',
        lifted(
          box(80, 86, 172, 244, 4, '#f4ead6'),
          box(76, 82, 172, 244, 8, tone, speckle, slant),
          line('M84 134v16M84 258v16', steel, 4),
          box(104, 122, 116, 64, 3, paper),
          line('M116 140h70M116 155h92M116 170h52', '#8b7f6a', 3),
          path('M248 300l-26 26h20q6 0 6 -6z', lighter(tone, 0.4)),
        ),
      ),
    ].join(''),
  'fountain pen': (tone = brass) =>
    placed(
      'translate(-4 -16) rotate(-40 200 200) scale(.94)',
      lifted(
        path('M30 176q0 -8 8 -8H236V232H38q-8 0 -8 -8z', tone, sheet),
        path('M236 170l64 6q10 4 14 10v28q-4 6 -14 10l-64 6z', ink, sheet),
        path('M308 180Q354 184 398 200Q354 216 308 220z', lighter(steel, 0.2), sheet),
        path('M322 186q18 0 30 8l-12 6 12 6q-12 8 -30 8z', brass, sheet),
        line('M344 200H398', ink, 1.8),
        oval(342, 200, 4, 4, ink),
        box(228, 166, 11, 68, 3, lighter(tone, 0.4), sheet),
        box(24, 172, 11, 56, 5, darker(tone, 0.3), sheet),
        line('M60 180H200', '#ffffff', 4, 0.5),
      ),
      lifted(
        path('M70 292q0 -10 10 -10H238q8 0 8 8v52q0 8 -8 8H80q-10 0 -10 -10z', tone, sheet),
        path('M84 288q90 -8 134 6q8 8 0 14q-60 -6 -134 -2z', lighter(tone, 0.4), sheet),
        oval(216, 301, 9, 9, lighter(tone, 0.4), ball),
        box(230, 280, 17, 72, 4, darker(tone, 0.25), sheet),
      ),
    ),
  'pencil set': (tone = '#5b6f66') =>
    placed(
      'rotate(-14 200 200)',
      lifted(
        box(40, 74, 320, 76, 10, darker(tone, 0.1), sheet),
        box(44, 78, 312, 68, 8, tone, slant),
        box(120, 92, 160, 40, 4, '#f2e7cf'),
        line('M140 112h70', tone, 5),
        path('M222 103L264 112L222 121z', tone),
      ),
      lifted(
        box(40, 158, 320, 172, 10, steel, sheet),
        box(48, 166, 304, 156, 6, '#3f4a46'),
        repeated(['#2f4f46', '#3f6b5c', '#54836e', '#b3562f', '#8a3d3d', '#31426b'], (colour, at) => pencil(173 + at * 24, colour)),
      ),
    ),
  'ink bottle': (tone = '#20405e') =>
    [
      shadow(200, 338, 112),
      faded(0.5, path('M116 196q0 -22 34 -26v-18h100v18q34 4 34 26l14 118q0 22 -22 22H124q-22 0 -22 -22z', '#dbe9ec')),
      path('M112 228Q200 242 288 228L294 310q0 16 -18 16H124q-18 0 -18 -16z', tone, round),
      path('M112 228Q200 214 288 228Q200 242 112 228z', lighter(tone, 0.25)),
      path('M116 196q0 -22 34 -26v-18h100v18q34 4 34 26l14 118q0 22 -22 22H124q-22 0 -22 -22z', glass),
      line('M150 156v14q-34 4 -34 26l-14 118q0 22 22 22H276q22 0 22 -22l-14 -118q0 -22 -34 -26v-14', '#8fa9b4', 2, 0.7),
      turned(200, points('92 54, 92 54, 150 56'), ink, round),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8], (at) => line(`M${152 + at * 12} 102v52`, lighter(ink, 0.3), 2, 0.6)),
      oval(200, 92, 54, 11, lighter(ink, 0.2)),
      box(146, 244, 108, 62, 3, paper),
      line('M160 262h80M170 292h60', tone, 2.5),
      path('M192 270q8 -14 16 0q2 12 -8 14q-10 -2 -8 -14z', tone),
      line('M126 214q-8 60 -8 96', '#ffffff', 8, 0.65),
    ].join(''),
  'writing paper': (tone = paper) =>
    [
      placed(
        'rotate(-6 180 180)',
        lifted(
          path(
            'M84 56l8 -3 9 3 10 -3 8 3 11 -3 9 3 10 -3 9 3 9 -3 10 3 9 -3 9 3 10 -3 9 3 9 -3 10 3 9 -3 3 9 -3 10 3 10 -3 9 3 11 -3 9V322H84z',
            darker(tone, 0.06),
          ),
        ),
      ),
      placed(
        'rotate(3 200 190)',
        lifted(
          path(
            'M98 44l9 3 9 -3 10 3 9 -3 9 3 10 -3 9 3 9 -3 10 3 9 -3 9 3 10 -3 9 3 9 -3 10 3 9 -3 9 3 3 9 -3 9 3 10 -3 9 3 9 -3 10 3 9 -3 9V336H98l3 -9 -3 -9 3 -9 -3 -10 3 -9 -3 -9z',
            tone,
            slant,
          ),
          repeated([0, 1, 2, 3, 4], (at) =>
            line(`M124 ${96 + at * 24}q14 -9 24 0t24 0 24 0 24 0${at < 4 ? ' 24 0' : ''}`, '#41506e', 2.6, 0.75),
          ),
          line('M124 74q10 -12 22 0t30 -2', '#41506e', 3, 0.85),
        ),
      ),
      placed(
        'rotate(-5 230 300)',
        lifted(
          box(112, 216, 232, 142, 4, '#e9dcc0', slant),
          path('M112 220L228 300L344 220V354q0 4 -4 4H116q-4 0 -4 -4z', '#efe4cc', slant),
          line('M114 356L200 284M342 356L256 284', '#c9b78f', 2),
          path('M112 218Q228 208 344 218L228 304z', '#f4ebd6', fall),
          oval(228, 292, 17, 17, '#a8362f', ball),
          oval(228, 292, 10, 10, '#8a2a25'),
        ),
      ),
    ].join(''),
  'desk calendar': (tone = '#b0473c') =>
    [
      shadow(200, 334, 152, 22),
      path('M62 110H338L374 332H26z', darker('#d9c7a4', 0.3)),
      path('M62 96H338L362 320H38z', '#fdfaf2', slant),
      path('M62 96H338L344 152H56z', tone, fall),
      placed('translate(104 112)', box(0, 6, 90, 12, 3, '#ffffff'), box(108, 6, 54, 12, 3, lighter(tone, 0.5))),
      repeated([0, 1, 2, 3, 4, 5, 6], (day) =>
        line(`M${62 + day * 40 + (day - 3) * 2} 164L${56 + day * 42 + (day - 3) * 2.4} 312`, '#d6ccb6', day === 0 ? 0.1 : 2),
      ),
      line('M54 188H346M52 218H348M48 250H352M44 282H356', '#d6ccb6', 2),
      repeated([0, 1, 2, 3, 4, 5, 6], (day) => box(70 + day * 40, 168, 22, 9, 3, day > 4 ? tone : '#6c675d')),
      path('M106 196h72v12h-72zM190 228h60v12h-60z', '#f2cf7a'),
      line('M64 234h28M270 264h46M110 266h34', '#5f7fa6', 3),
      line('M286 296a17 12 0 1 1 -34 0a17 12 0 1 1 34 0', tone, 3.4),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], (at) =>
        [oval(78 + at * 20.4, 104, 4, 4, '#3a2c24'), line(`M${78 + at * 20.4} 104q-8 -26 2 -26t4 24`, iron, 3.4)].join(''),
      ),
    ].join(''),
  ruler: (tone = brass) =>
    placed(
      'rotate(-32 200 200)',
      lifted(
        box(10, 168, 380, 62, 5, darker(tone, 0.4)),
        box(10, 165, 380, 62, 5, tone, sheet, slant),
        repeated(
          Array.from({ length: 61 }, (_none, at) => at),
          (at) => line(`M${26 + at * 5.8} 166v${at % 10 === 0 ? 30 : at % 2 === 0 ? 20 : 12}`, '#4a3310', at % 10 === 0 ? 2.4 : 1.4),
        ),
        repeated([1, 2, 3, 4, 5], (at) =>
          repeated(
            Array.from({ length: at }, (_none, dot) => dot),
            (dot) => oval(26 + at * 58 - (at - 1) * 3.5 + dot * 7, 206, 2.2, 2.2, '#4a3310'),
          ),
        ),
        oval(372, 208, 8, 8, darker(tone, 0.75)),
        line('M20 219H350', '#ffffff', 3, 0.5),
      ),
    ),
};
