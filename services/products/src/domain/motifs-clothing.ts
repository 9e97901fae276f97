import { darker, lighter } from './picture-colours.ts';
import { fall, knit, plaid, rib, slant, weave } from './picture-fills.ts';
import { box, dashed, lens, lifted, line, oval, path, placed, repeated } from './picture-shapes.ts';

const longSleeved =
  'M152 66Q200 92 248 66L300 88Q318 96 324 118L350 300q-16 10 -42 8L286 176V330q-86 12 -172 0V176L92 308q-26 2 -42 -8L76 118q6 -22 24 -30z';
const folds = (tone: string) => {
  const dark = darker(tone, 0.75);
  return [
    lens(114, 178, -8, -74, 14, 7, dark, 0.26) + lens(286, 178, 8, -74, -22, 7, dark, 0.26),
    lens(138, 210, 10, 118, 26, 9, dark, 0.2) + lens(150, 214, 8, 108, 24, 6, '#ffffff', 0.28),
    lens(262, 206, -4, 122, -34, 10, dark, 0.2) + lens(248, 230, -4, 92, -24, 5, '#ffffff', 0.2),
    lens(118, 240, 26, 26, -6, 6, dark, 0.16) + lens(282, 236, -26, 28, 4, 6, dark, 0.16),
  ].join('');
};

const shirtFront = (tone: string, button: string, ...cloth: string[]): string =>
  lifted(
    path(longSleeved, tone, ...cloth, slant),
    folds(tone),
    path('M192 92h18V334h-18z', lighter(tone, 0.12), ...cloth),
    line('M191 96V334M211 96V334', darker(tone, 0.4), 1.6, 0.6),
    repeated([124, 164, 204, 244, 284, 318], (y) => oval(201, y, 4.4, 4.4, button)),
    path('M152 66Q200 96 248 66L240 54Q200 66 160 54z', darker(tone, 0.45)),
    path('M160 52L200 96L170 124Q146 96 148 66z', lighter(tone, 0.2), ...cloth, slant),
    path('M240 52L200 96L230 124Q254 96 252 66z', lighter(tone, 0.1), ...cloth, slant),
    line('M200 96L170 124Q146 96 148 66M200 96L230 124Q254 96 252 66', darker(tone, 0.45), 1.6, 0.7),
    path('M228 160h44v48l-22 12l-22 -12z', lighter(tone, 0.08), ...cloth),
    line('M228 160h44v48l-22 12l-22 -12zM228 168h44', darker(tone, 0.45), 1.6, 0.6),
    line('M52 284q20 8 44 8M348 284q-20 8 -44 8', darker(tone, 0.45), 2, 0.6),
  );

const jumperBody = (tone: string, depth: number): string =>
  [
    path(longSleeved, tone, knit, slant),
    folds(tone),
    path('M114 304q86 12 172 0v26q-86 12 -172 0z', darker(tone, 0.1), rib),
    placed('rotate(9 72 290)', box(47, 276, 48, 30, 5, darker(tone, 0.1), rib)),
    placed('rotate(-9 328 290)', box(305, 276, 48, 30, 5, darker(tone, 0.1), rib)),
    line('M114 176L110 120M286 176L290 120', darker(tone, 0.5), 2, 0.6),
    path(`M152 66Q200 ${92 + depth} 248 66L238 56Q200 70 162 56z`, darker(tone, 0.5)),
  ].join('');

/** Tops and jackets, laid flat. */
export const clothingMotifs = {
  't-shirt': (tone = '#f5f3ee') =>
    lifted(
      path(
        'M150 72Q200 104 250 72L304 92Q316 98 322 110L360 184L306 208L286 172V332q-86 10 -172 0V172L94 208L40 184L78 110q6 -12 18 -18z',
        tone,
        slant,
      ),
      folds(tone),
      path('M150 72Q200 104 250 72L241 64Q200 78 159 64z', darker(tone, 0.35)),
      path('M144 70Q200 122 256 70L248 66Q200 106 152 66z', lighter(tone, 0.06), rib),
      line('M144 71Q200 123 256 71', darker(tone, 0.4), 1.6, 0.6),
      line('M114 172Q112 140 104 118M286 172Q288 140 296 118', darker(tone, 0.45), 2, 0.6),
      dashed('M48 180l48 21M352 180l-48 21M114 322q86 10 172 0', darker(tone, 0.45), 1.5, '4 3'),
    ),
  'linen shirt': (tone = '#8fb9d8') => shirtFront(tone, '#fbf4e4', weave),
  'flannel shirt': (tone = '#a8443a') => shirtFront(tone, '#2f2a26', plaid),
  jumper: (tone = '#9d3b5e') =>
    lifted(
      jumperBody(tone, 26),
      path('M146 66Q200 128 254 66L242 58Q200 104 158 58z', darker(tone, 0.08), rib),
      line('M146 66Q200 128 254 66', darker(tone, 0.5), 2, 0.7),
    ),
  "fisherman's jumper": (tone = '#e9dfc8') =>
    lifted(
      jumperBody(tone, 4),
      repeated([140, 200, 260], (x) =>
        [
          line(`M${x - 17} 110V304M${x + 17} 110V304`, darker(tone, 0.4), 2.5, 0.6),
          repeated([112, 136, 160, 184, 208, 232, 256, 280], (y) =>
            [
              line(`M${x - 9} ${y}q0 10 9 12t9 12`, darker(tone, 0.35), 9),
              line(`M${x - 9} ${y}q0 10 9 12t9 12`, lighter(tone, 0.3), 6),
              line(`M${x + 9} ${y}q0 8 -5 10M${x - 9} ${y + 24}q0 -8 5 -10`, lighter(tone, 0.3), 6),
            ].join(''),
          ),
        ].join(''),
      ),
      repeated([0, 1, 2, 3, 4, 5, 6], (at) =>
        line(`M${88 - at * 4} ${120 + at * 24}l-7 10l9 10M${312 + at * 4} ${120 + at * 24}l7 10l-9 10`, darker(tone, 0.4), 3, 0.6),
      ),
      path('M150 72Q146 44 160 34Q200 44 240 34Q254 44 250 72Q200 102 150 72z', tone, rib, fall),
      line('M150 72Q200 102 250 72M160 35Q200 45 240 35', darker(tone, 0.5), 2, 0.6),
    ),
  'rain jacket': (tone = '#cf9a32') =>
    lifted(
      path('M140 84Q128 30 200 26Q272 30 260 84Q230 108 200 108Q170 108 140 84z', darker(tone, 0.14), slant),
      path('M160 92Q148 50 200 46Q252 50 240 92L200 124z', darker(tone, 0.6)),
      path(
        'M140 78L200 130L260 78L306 98Q324 106 328 124L352 296q-18 12 -48 8L288 190V334q-88 12 -176 0V190L96 304q-30 4 -48 -8L72 124q4 -18 22 -26z',
        tone,
        slant,
      ),
      folds(tone),
      path('M140 78L200 130L188 150Q150 120 130 84z', lighter(tone, 0.2)),
      path('M260 78L200 130L212 150Q250 120 270 84z', lighter(tone, 0.1)),
      path('M190 132h22V337q-11 1 -22 0z', lighter(tone, 0.12)),
      line('M190 136V336M212 136V336', darker(tone, 0.45), 2, 0.7),
      repeated([160, 204, 248, 292], (y) => oval(201, y, 5, 5, darker(tone, 0.5))),
      placed('rotate(7 156 250)', box(128, 240, 50, 15, 3, lighter(tone, 0.12)), line('M128 256h50', darker(tone, 0.5), 2.5)),
      placed('rotate(-7 246 250)', box(222, 240, 50, 15, 3, lighter(tone, 0.12)), line('M222 256h50', darker(tone, 0.5), 2.5)),
      line('M176 112q-6 20 -2 44M224 112q6 20 2 44', '#f4f0e6', 4),
      oval(174, 158, 4, 5, '#4a4640') + oval(226, 158, 4, 5, '#4a4640'),
      line('M54 278q20 8 44 6M346 278q-20 8 -44 6', darker(tone, 0.5), 3, 0.6),
    ),
};
