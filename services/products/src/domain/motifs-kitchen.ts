import { beech, brass, darker, lighter, oliveWood, steel, walnut } from './picture-colours.ts';
import { ball, fall, glass, grain, metal, round, sheet, slant, speckle, upgrain, weave } from './picture-fills.ts';
import {
  box,
  dashed,
  faded,
  gleam,
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

/** Blade and handle from left to right, turned so that the point is up. */
const knife = (length: number, blade: string, handle: string, tone: string, wood: string, edge = ''): string =>
  placed(
    'rotate(-38 200 200)',
    lifted(
      path(blade, tone, sheet),
      edge,
      path(handle, wood, fall, grain),
      box(length, 179, 12, 36, 2, steel, sheet),
      repeated([0.25, 0.5, 0.75], (share) => oval(34 + (length - 34) * share, 197, 4, 4, brass, ball)),
    ),
  );

const board = (tone: string, ...marks: string[]): string =>
  placed(
    'rotate(-9 200 200)',
    lifted(box(92, 58, 220, 290, 22, darker(tone, 0.35)), box(88, 52, 220, 288, 22, tone, upgrain, slant), ...marks),
  );

/** What is sold for cooking. */
export const kitchenMotifs = {
  'grooved board': (tone = walnut) =>
    board(
      tone,
      line('M122 70h152q16 0 16 16v220q0 16 -16 16H122q-16 0 -16 -16V86q0 -16 16 -16z', darker(tone, 0.4), 7),
      line('M124 75h149q12 0 12 13v216', lighter(tone, 0.25), 1.5),
    ),
  'chopping board': (tone = beech) =>
    placed(
      'rotate(12 200 200)',
      lifted(
        path(
          'M116 122q0 -20 20 -20h34q10 0 10 -12V62q0 -22 20 -22t20 22v28q0 12 10 12h34q20 0 20 20v204q0 20 -20 20H136q-20 0 -20 -20z',
          darker(tone, 0.3),
        ),
        path(
          'M112 117q0 -20 20 -20h34q10 0 10 -12V57q0 -22 20 -22t20 22v28q0 12 10 12h34q20 0 20 20v204q0 20 -20 20H132q-20 0 -20 -20z',
          tone,
          upgrain,
          slant,
        ),
        oval(196, 60, 9, 9, darker(tone, 0.5)),
        line('M132 150l60 34M150 300l80 -40M160 230l70 10', lighter(tone, 0.4), 1.6, 0.7),
      ),
    ),
  "chef's knife": (tone = '#98a0a6') =>
    knife(
      146,
      'M150 180H330q36 4 50 22q-40 32 -120 36l-60 2q-40 0 -44 -6z',
      'M32 186q-12 22 4 30q50 -6 112 0v-34q-60 -4 -116 4z',
      tone,
      walnut,
      line('M160 230q120 8 214 -28', lighter(tone, 0.7), 3),
    ),
  'paring knife': (tone = steel) =>
    placed(
      'translate(200 200) scale(1.08) translate(-214 -200)',
      knife(
        200,
        'M204 184h104q44 4 60 22q-60 14 -160 8z',
        'M52 186q-14 20 2 30q70 10 148 -2v-32q-80 -12 -150 4z',
        tone,
        walnut,
        line('M214 210q90 4 146 -4', lighter(tone, 0.7), 2),
      ),
    ),
  'bread knife': (tone = steel) =>
    knife(
      132,
      'M136 182H356q26 4 26 18l-2 14q-6 6 -13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0t-13 0l-13 0z',
      'M28 186q-12 20 4 30q46 6 104 0v-34q-56 -8 -108 4z',
      tone,
      '#a9743f',
      line('M150 192h206', lighter(tone, 0.6), 2),
    ),
  casserole: (tone = '#31426b') => {
    const body = turned(200, points('218 122, 222 123, 280 121, 310 110, 322 92'), tone, round, fall);
    const lid = path('M76 212Q84 158 200 148Q316 158 324 212A124 25 0 0 1 76 212z', lighter(tone, 0.06), round, fall);
    return [
      shadow(200, 334, 130),
      line('M82 246q-40 -8 -42 10t44 16M318 246q40 -8 42 10t-44 16', darker(tone, 0.2), 15),
      line('M80 242q-36 -6 -38 10M320 242q36 -6 38 10', lighter(tone, 0.3), 3, 0.6),
      body,
      path('M76 210a124 25 0 0 0 248 0v10a124 25 0 0 1 -248 0z', darker(tone, 0.35)),
      lid,
      line('M116 188Q140 166 196 162', '#ffffff', 5, 0.5),
      turned(200, points('132 24, 138 26, 142 14, 154 12'), brass, metal),
    ].join('');
  },
  'milk pan': (tone = '#f3efe6') =>
    [
      shadow(178, 322, 104),
      path('M268 226L376 190q16 2 10 22L270 254z', '#8b5a34', fall, grain),
      box(258, 226, 18, 26, 4, steel, metal),
      turned(170, points('206 104, 206 104, 290 98, 312 82'), tone, round, fall),
      path('M66 206l-18 -8q10 -16 40 -10zM274 206l18 -8q-10 -16 -40 -10z', tone, fall),
      opening(170, 206, 104, '#39445c', '#e9e4d8'),
      oval(170, 212, 90, 14, '#fffaf0'),
      line('M66 206a104 21 0 0 0 208 0', '#39445c', 5),
      gleam(92, 236, 50, 8, 0.6),
    ].join(''),
  'wooden spoon': (tone = oliveWood) =>
    placed(
      'rotate(40 200 200)',
      lifted(
        path('M188 150q-4 120 -2 200q14 16 28 0q2 -80 -2 -200z', tone, upgrain, round),
        path('M148 78q4 -50 52 -50t52 50q0 62 -40 88h-24q-40 -26 -40 -88z', tone, upgrain, slant),
        path('M160 82q4 -40 42 -40t38 42q-2 46 -34 66h-12q-32 -22 -34 -68z', darker(tone, 0.2), upgrain),
        line('M168 84q4 -26 28 -32', lighter(tone, 0.5), 4, 0.7),
      ),
    ),
  'storage jar': (tone = '#dfeceb') =>
    [
      shadow(200, 334, 92),
      faded(0.55, turned(200, points('126 78, 150 88, 170 90, 310 90, 328 82'), tone)),
      turned(200, points('206 84, 206 84, 308 84, 322 76'), '#dcb878', speckle, round),
      oval(200, 206, 84, 16, '#ecd09a', speckle),
      turned(200, points('126 78, 150 88, 170 90, 310 90, 328 82'), glass),
      line('M200 342a90 16 0 0 0 82 -16', '#ffffff', 3, 0.5),
      turned(200, points('88 74, 88 74, 136 70'), '#b98a55', round, speckle),
      oval(200, 88, 74, 15, '#cfa26c', speckle),
      gleam(130, 176, 118, 9, 0.7),
    ].join(''),
  'tea towel': (tone = '#e0cda9') =>
    [
      lifted(path('M148 92h138v198q-60 10 -138 0z', darker(tone, 0.22), weave)),
      lifted(
        line('M40 92h320', '#8b5a34', 12),
        line('M42 89h316', '#c99c63', 3),
        path('M112 96q0 -12 12 -12h138q10 0 10 12v236q-40 -8 -80 2t-80 -2z', tone, weave, slant),
        path('M112 268q40 10 80 2t80 -2v10q-40 -8 -80 2t-80 -2zM112 288q40 10 80 2t80 -2v22q-40 -8 -80 2t-80 -2z', darker(tone, 0.42)),
        path('M112 248q40 10 80 2t80 -2v6q-40 -8 -80 2t-80 -2z', darker(tone, 0.42)),
        line('M150 100q-6 110 4 234M222 98q8 120 -4 232', darker(tone, 0.3), 5, 0.25),
        line('M162 100q-6 110 4 232', lighter(tone, 0.6), 5, 0.4),
        dashed('M118 324q36 8 74 0t74 0', lighter(tone, 0.5), 1.5, '4 4'),
      ),
    ].join(''),
  'mortar and pestle': (tone = '#8f8f8d') =>
    [
      shadow(196, 336, 104),
      opening(196, 190, 108, lighter(tone, 0.25), darker(tone, 0.3)),
      placed(
        'rotate(32 236 190)',
        path('M220 62q18 -18 34 0q6 40 2 132h-38q-4 -80 2 -132z', lighter(tone, 0.08), speckle, round),
        oval(237, 66, 18, 12, lighter(tone, 0.3), speckle),
      ),
      path('M88 190a108 22 0 0 0 216 0q0 66 -44 96q10 26 14 38q-80 26 -156 0q4 -14 14 -38q-44 -30 -44 -96z', tone, speckle, round),
      line('M90 196a108 22 0 0 0 212 0', lighter(tone, 0.45), 6),
      line('M140 288q56 18 112 0', darker(tone, 0.4), 4, 0.6),
    ].join(''),
};
