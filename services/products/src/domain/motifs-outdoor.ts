import { ash, darker, iron, leaf, lighter, steel } from './picture-colours.ts';
import { fall, glow, metal, plaid, round, sheet, slant, speckle, upgrain, weave } from './picture-fills.ts';
import { box, gleam, lens, lifted, line, opening, oval, path, placed, points, repeated, shadow, steam, turned } from './picture-shapes.ts';

const trunk = (x: number, width: number): string =>
  [
    path(`M${x} 20h${width}q-4 160 4 316h-${width + 8}q8 -160 4 -316z`, '#7a5a41', upgrain, round),
    path(`M${x - 20} 336q${width / 2 + 20} -22 ${width + 40} 0z`, '#7d9a55'),
  ].join('');

/** What goes along outside. */
export const outdoorMotifs = {
  tent: (tone = '#d07a3a') =>
    [
      shadow(200, 326, 178, 22),
      path('M150 96L306 84L376 312L252 330z', darker(tone, 0.26), weave, slant),
      path('M150 96L306 84L346 206L222 236z', darker(tone, 0.1), weave, slant),
      line('M222 236L346 206', darker(tone, 0.5), 3, 0.7),
      path('M150 96L28 326H252z', tone, weave, slant),
      path('M150 132L92 326H206z', '#3a2c24'),
      path('M150 132L92 326h30Q148 240 150 132z', lighter(tone, 0.32), slant),
      path('M150 132L206 326h-14Q158 240 150 132z', lighter(tone, 0.1)),
      line('M150 90L24 330M150 90L256 332M306 80L380 314', darker(tone, 0.55), 5),
      line('M150 92L306 82', lighter(tone, 0.3), 5),
      line('M150 92L8 300M306 82L394 280', '#f2ead8', 2),
      line('M8 300l-2 16M394 280l2 18M24 330l-6 12M252 332l4 12M378 314l6 10', iron, 5),
      path('M176 112L290 103L300 132L190 144z', '#f2ead8', 'url(#fall)'),
    ].join(''),
  flask: (tone = '#43775a') =>
    [
      shadow(200, 350, 66),
      turned(200, points('148 58, 152 60, 330 60, 340 56'), tone, round),
      turned(200, points('126 50, 132 56, 150 59'), steel, metal),
      turned(200, points('44 48, 52 50, 120 50, 128 50'), steel, metal),
      oval(200, 44, 48, 9, lighter(steel, 0.5)),
      line('M150 108a50 10 0 0 0 100 0', darker(steel, 0.4), 2),
      line('M250 70q36 0 36 26t-36 26', iron, 9),
      turned(200, points('318 61, 318 61, 342 58'), steel, metal),
      path('M176 214l24 -38l24 38l-10 -6l-14 10l-14 -10z', lighter(tone, 0.75)),
      line('M172 226h56', lighter(tone, 0.75), 3),
      gleam(158, 170, 136, 8, 0.4),
    ].join(''),
  'camping mug': (tone = '#eef1ee') =>
    [
      shadow(190, 326, 100),
      line('M274 200q72 -2 64 50t-76 40', '#31426b', 17),
      line('M274 198q66 0 58 48', '#ffffff', 4, 0.5),
      turned(180, points('172 104, 172 104, 300 94, 318 84'), tone, speckle, round),
      repeated(points('110 232, 146 276, 170 220, 214 252, 244 210, 236 290, 190 298, 126 292'), ([x, y], at) =>
        oval(x, y, 2.4 + (at % 3), 2 + (at % 2), '#31426b'),
      ),
      opening(180, 172, 104, '#31426b', '#e1e6e6'),
      oval(180, 178, 90, 13, '#7d4a28'),
      line('M96 318a84 17 0 0 0 168 0', '#31426b', 6),
      gleam(106, 204, 84, 9, 0.6),
      steam(180, 146),
    ].join(''),
  'picnic blanket': (tone = '#b0473c') =>
    [
      shadow(200, 318, 160),
      path('M76 150H322Q356 156 356 232T322 316H76z', tone, plaid, fall),
      oval(76, 233, 44, 83, darker(tone, 0.12), plaid),
      line('M76 233q-8 -14 4 -22q18 -6 22 16q2 34 -26 36q-30 -2 -28 -42q6 -42 36 -46q32 6 28 62', '#3d5a4a', 6),
      repeated(points('176 24, 276 24'), ([x]) =>
        [path(`M${x} 148q-18 84 0 170h24q-18 -84 0 -170z`, '#8b5a34', fall), line(`M${x - 4} 214h22v24h-22z`, '#cda44c', 4)].join(''),
      ),
      line('M182 150Q184 92 234 92T284 150', '#8b5a34', 15),
      line('M190 136Q196 98 232 97', lighter('#8b5a34', 0.45), 3, 0.7),
    ].join(''),
  torch: (tone = '#51585f') =>
    placed(
      'rotate(-24 200 210)',
      path('M292 150L420 80V340L292 270z', 'url(#glow)'),
      oval(330, 210, 110, 120, glow),
      lifted(
        path('M60 182q0 -12 12 -12h150v80H72q-12 0 -12 -12z', tone, sheet),
        repeated([92, 104, 116, 128, 140, 152, 164], (x) => box(x, 168, 5, 84, 2, darker(tone, 0.5))),
        path('M220 168L254 142H296q8 0 8 8V270q0 8 -8 8H254L220 252z', lighter(tone, 0.1), sheet),
        repeated([262, 272, 282], (x) => box(x, 142, 4, 136, 0, darker(tone, 0.45))),
        oval(300, 210, 20, 66, '#d8d0b4'),
        oval(302, 210, 15, 55, '#fff3c0'),
        oval(303, 208, 7, 26, '#ffffff'),
        box(190, 160, 26, 16, 7, '#d9632f', fall),
      ),
      line('M60 210q-30 10 -26 40t10 46', '#d9632f', 5),
    ),
  'folding stool': (tone = '#4f6b52') =>
    [
      shadow(200, 344, 130, 24),
      line('M306 132L118 344', darker(ash, 0.25), 17),
      line('M200 150L206 352', ash, 18),
      line('M94 132L286 344', ash, 18),
      line('M94 130L282 340M197 152L203 348', lighter(ash, 0.5), 4, 0.8),
      oval(201, 244, 17, 12, iron),
      oval(201, 242, 7, 5, lighter(iron, 0.6)),
      path('M76 112Q200 160 324 112Q330 126 316 136L214 188q-14 6 -28 0L84 136Q70 126 76 112z', darker(tone, 0.24), weave),
      path('M72 106Q200 76 328 106Q334 118 318 126L214 172q-14 6 -28 0L82 126Q66 118 72 106z', tone, weave, slant),
      path(
        'M72 106l34 -8l10 28l-20 8l-14 -8Q66 118 72 106zM328 106l-34 -8l-10 28l20 8l14 -8Q334 118 328 106zM178 168l22 -14l22 14l-8 4q-14 6 -28 0z',
        '#8b5a34',
        slant,
      ),
      line('M116 112Q196 92 270 104', '#ffffff', 5, 0.3),
    ].join(''),
  spork: (tone = '#a9aeb6') =>
    placed(
      'rotate(36 200 200)',
      lifted(
        path('M190 150Q192 250 178 352Q178 378 200 378T222 352Q208 250 210 150z', tone, metal),
        path(
          'M148 96Q140 46 160 14L174 58Q178 64 182 58L192 10Q200 2 208 10L218 58Q222 64 226 58L240 14Q260 46 252 96Q246 156 200 168Q154 156 148 96z',
          tone,
          metal,
        ),
        path('M162 92Q200 74 238 92Q236 140 200 152Q164 140 162 92z', darker(tone, 0.3), slant),
        lens(176, 104, 18, 38, -8, 6, '#ffffff', 0.7),
        oval(200, 352, 7, 10, darker(tone, 0.75)),
        lens(195, 186, -8, 150, 2, 5, '#ffffff', 0.7),
      ),
    ),
  hammock: (tone = '#c9683f') =>
    [
      oval(200, 330, 150, 16, 'url(#shadow)'),
      trunk(0, 38),
      trunk(362, 38),
      line('M36 112L96 160M36 112L86 172M36 112L110 152M364 112L304 160M364 112L314 172M364 112L290 152', '#f4ead2', 3),
      box(-2, 102, 42, 18, 3, iron) + box(360, 102, 42, 18, 3, iron),
      path('M84 170Q96 140 116 148Q200 208 284 148Q304 140 316 170Q270 226 200 228Q130 226 84 170z', darker(tone, 0.4), weave),
      path('M112 160Q136 140 160 166L172 204Q136 206 112 160z', '#f6f0e2', slant),
      path('M82 168Q200 276 318 168Q326 184 318 198Q270 268 200 270Q130 268 82 198Q74 184 82 168z', tone, weave, slant),
      path('M80 182Q200 292 320 182L319 195Q200 306 81 195zM96 212Q200 300 304 212L290 228Q200 298 110 228z', '#f2dfb6', weave),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], (at) =>
        line(`M${128 + at * 12} ${256 + 13 * Math.sin((at * Math.PI) / 12)}v15`, lighter(tone, 0.5), 2.5),
      ),
      repeated(points('18 34, 60 16, 340 20, 386 44'), ([x, y]) => oval(x, y, 42, 30, leaf, 'url(#ball)')),
      oval(6, 16, 30, 30, darker(leaf, 0.2)) + oval(394, 12, 34, 30, darker(leaf, 0.2)),
    ].join(''),
};
