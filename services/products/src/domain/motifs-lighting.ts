import { ash, brass, copper, darker, iron, lighter, steel } from './picture-colours.ts';
import { ball, fall, glow, metal, round, slant, speckle, weave } from './picture-fills.ts';
import { box, line, oval, path, placed, points, repeated, shadow, turned } from './picture-shapes.ts';

/** Lamps and other lights, lit. */
export const lightingMotifs = {
  'desk lamp': (tone = '#c23f36') =>
    [
      shadow(160, 346, 96),
      path('M244 176L340 214L392 346H120z', 'url(#glow)'),
      oval(280, 300, 120, 60, glow),
      line('M150 330L110 198L222 92', darker(tone, 0.4), 13),
      line('M149 330L108 198L222 91', tone, 9),
      line('M160 330L122 206L228 98', darker(steel, 0.2), 3),
      oval(109, 198, 15, 15, brass, ball),
      oval(222, 92, 13, 13, brass, ball),
      turned(152, points('322 76, 330 80, 344 78'), tone, round),
      oval(152, 322, 76, 15, lighter(tone, 0.25), slant),
      placed(
        'rotate(28 222 92)',
        oval(282, 160, 96, 26, darker(tone, 0.35)),
        oval(282, 162, 88, 21, '#fff0bd'),
        path('M240 62q42 -14 84 0q6 46 54 98a96 20 0 0 0 -192 0q48 -52 54 -98z', tone, round),
        path('M252 52q30 -10 60 0l6 14q-36 -10 -72 0z', darker(tone, 0.2), round),
        line('M236 100q-8 24 -26 46', '#ffffff', 7, 0.45),
      ),
    ].join(''),
  lantern: (tone = '#f5ead2') =>
    [
      oval(200, 206, 196, 196, glow),
      line('M200 0V62', iron, 3),
      path('M200 60Q318 66 336 204Q318 340 200 346Q82 340 64 204Q82 66 200 60z', tone, ball),
      oval(200, 210, 110, 116, glow),
      repeated([0, 1, 2, 3, 4, 5, 6, 7], (at) => {
        const y = 90 + at * 33;
        const half = Math.sqrt(Math.max(0, 1 - ((y - 204) / 146) ** 2)) * 136;
        return line(`M${Math.round(200 - half)} ${y}Q200 ${y + 16} ${Math.round(200 + half)} ${y}`, '#b98f58', 3, 0.6);
      }),
      turned(200, points('54 44, 54 44, 68 46'), ash, round),
      turned(200, points('338 46, 338 46, 352 42'), ash, round),
      line('M96 150Q114 104 152 88', '#ffffff', 8, 0.7),
    ].join(''),
  'bedside lamp': (tone = '#7f9aa6') =>
    [
      oval(200, 150, 190, 150, glow),
      shadow(200, 350, 84),
      turned(200, points('200 14, 216 16, 236 54, 286 70, 332 48, 346 50'), tone, speckle, ball),
      turned(200, points('190 12, 190 12, 208 15'), brass, metal),
      path('M140 56Q200 44 260 56L312 190Q200 214 88 190z', '#f3e6cd', weave, round),
      path('M140 56Q200 44 260 56L312 190Q200 214 88 190z', 'url(#glow)'),
      line('M88 190Q200 214 312 190M140 56Q200 68 260 56', '#cbb489', 3),
      line('M140 56Q200 44 260 56', '#cbb489', 3),
      line('M152 262q-10 30 8 60', '#ffffff', 7, 0.5),
      line('M248 346q60 -2 70 20t80 14', '#4a4640', 4),
      placed('translate(306 358) rotate(18)', box(-13, -7, 30, 14, 6, '#efe8da', fall)),
    ].join(''),
  'table light': (tone = '#c46a45') =>
    [
      oval(200, 190, 180, 130, glow),
      path('M112 128L60 330H340L288 128z', 'url(#glow)'),
      shadow(200, 346, 86),
      turned(200, points('322 76, 328 80, 344 78'), tone, metal),
      oval(200, 322, 76, 15, lighter(tone, 0.3), slant),
      turned(200, points('118 9, 118 9, 322 9'), tone, metal),
      oval(200, 122, 106, 21, '#fff0bd'),
      path('M166 64Q200 54 234 64Q296 84 306 120a106 20 0 0 0 -212 0Q104 84 166 64z', tone, round),
      oval(200, 62, 34, 7, lighter(tone, 0.3)),
      oval(200, 61, 12, 3, darker(tone, 0.5)),
      line('M118 108q12 -22 42 -32', '#ffffff', 6, 0.5),
    ].join(''),
  'string of lights': (tone = copper) => {
    const lights = points(
      '36 84, 86 122, 142 140, 200 132, 256 108, 318 92, 360 132, 330 182, 272 204, 212 212, 150 210, 92 216, 52 252, 76 302, 132 322, 192 322, 252 308, 312 298, 364 318',
    );
    return [
      line(
        'M6 60Q60 140 150 140T318 92Q396 110 330 182Q280 212 150 210Q30 216 54 262Q80 326 192 322Q260 302 312 298Q350 300 396 338',
        tone,
        3.4,
      ),
      line('M6 58Q60 138 150 138T318 90', lighter(tone, 0.6), 1.2),
      repeated(lights, ([x, y]) => oval(x, y + 8, 30, 30, glow)),
      repeated(lights, ([x, y]) =>
        [
          box(x - 4, y - 5, 8, 9, 2, iron),
          path(`M${x - 5} ${y + 3}h10q5 12 -5 22q-10 -10 -5 -22z`, '#ffe9a8'),
          oval(x - 1, y + 10, 2, 5, '#ffffff'),
        ].join(''),
      ),
    ].join('');
  },
  'reading light': (tone = '#3f7f86') =>
    [
      shadow(196, 350, 130),
      oval(226, 250, 150, 90, glow),
      path('M60 268Q130 236 200 268Q270 236 340 268V342Q270 314 200 346Q130 314 60 342z', '#8a3d3d'),
      path('M68 258Q134 228 200 260V336Q134 306 68 332z', '#fbf5e6', slant),
      path('M332 258Q266 228 200 260V336Q266 306 332 332z', '#f4ead2', slant),
      repeated([0, 1, 2, 3], (at) =>
        line(
          `M88 ${270 + at * 14}Q134 ${252 + at * 14} 184 ${270 + at * 15}M216 ${270 + at * 15}Q266 ${252 + at * 14} 312 ${270 + at * 14}`,
          '#8b7f6a',
          3,
          0.6,
        ),
      ),
      path('M150 140L280 150L330 300Q266 250 200 280Q160 256 90 280z', 'url(#glow)'),
      line('M96 246Q40 60 178 62', darker(tone, 0.5), 12),
      line('M96 246Q40 60 178 62', lighter(tone, 0.1), 7),
      placed(
        'rotate(24 200 90)',
        path('M166 44h76q26 4 30 34l4 20H150l-2 -34q2 -18 18 -20z', tone, round, fall),
        box(146, 96, 134, 12, 5, '#fff3c4'),
        line('M166 58h60', '#ffffff', 5, 0.5),
      ),
      placed(
        'rotate(-8 96 252)',
        box(74, 226, 44, 62, 8, tone, slant),
        box(80, 272, 32, 20, 4, darker(tone, 0.4)),
        oval(96, 244, 7, 7, '#f6efe0'),
      ),
    ].join(''),
};
