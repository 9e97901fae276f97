import { darker, lighter } from './picture-colours.ts';
import { fall, knit, rib, round, slant, weave, wicker } from './picture-fills.ts';
import { faded, lifted, line, oval, path, placed, points, repeated } from './picture-shapes.ts';

const sock = (tone: string, toe: string, ...soles: string[]): string =>
  [
    path('M150 60h78v150q4 30 40 50l46 26q26 18 16 42q-8 20 -34 20h-62q-32 0 -58 -34q-24 -32 -26 -70z', tone, knit, slant),
    path('M262 346h34q26 0 34 -18q10 -26 -16 -42l-18 -10q-34 20 -34 70z', toe, knit, slant),
    path('M152 234q30 -8 48 20q14 28 -14 52q-32 -28 -34 -72z', toe, knit, slant),
    path('M144 48h90v56h-90z', lighter(tone, 0.05), rib, slant),
    ...soles,
  ].join('');

/** What warms and shades, laid flat. */
export const accessoryMotifs = {
  scarf: (tone = '#cf9a32') =>
    lifted(
      path('M226 120h70l8 196q-38 8 -78 0z', darker(tone, 0.14), weave, slant),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], (at) => line(`M${229 + at * 8} 316l${(at % 3) - 1} 26`, darker(tone, 0.2), 3)),
      path('M104 120h74l-4 210q-40 8 -84 0z', tone, weave, slant),
      repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], (at) => line(`M${94 + at * 8.6} 330l${(at % 3) - 1} 28`, darker(tone, 0.1), 3.4)),
      path('M91 278q42 8 84 0l-.6 10q-42 8 -84 0zM91 296q42 8 83 0l-.6 16q-42 8 -83 0z', lighter(tone, 0.55)),
      path('M228 268q38 8 74 0v10q-36 8 -74 0zM228 286q38 8 75 0v16q-36 8 -75 0z', lighter(tone, 0.45)),
      path('M92 104Q110 48 200 46Q292 48 310 104Q312 134 290 152Q262 102 200 104Q138 102 112 152Q88 134 92 104z', darker(tone, 0.3), weave),
      path('M90 118Q150 176 220 172Q288 166 312 108Q326 150 296 176Q240 218 166 196Q100 176 90 118z', lighter(tone, 0.08), weave, slant),
      line('M104 150Q160 196 226 188Q280 182 308 148', darker(tone, 0.5), 3, 0.35),
    ),
  beanie: (tone = '#b3562f') =>
    lifted(
      path('M84 258Q78 84 200 76Q322 84 316 258Q200 282 84 258z', tone, knit, slant),
      faded(0.3, line('M200 78V262M150 92Q118 160 124 262M250 92Q282 160 276 262', darker(tone, 0.7), 4)),
      faded(0.25, line('M160 90Q128 160 134 262', '#ffffff', 4)),
      path('M74 246Q70 236 84 234Q200 258 316 234Q330 236 326 246L322 308Q200 336 78 308z', lighter(tone, 0.05), rib, slant),
      line('M78 248Q200 274 322 248', darker(tone, 0.6), 3, 0.5),
      path('M226 276h44v30h-44z', '#f2e7d2'),
      line('M234 286h28M234 295h18', '#8b6a45', 2.5),
    ),
  'sun hat': (tone = '#e2c382') =>
    [
      oval(206, 306, 180, 34, 'url(#shadow)'),
      path('M22 268Q28 226 200 222Q372 226 378 268Q376 316 200 318Q24 316 22 268z', darker(tone, 0.06), wicker, fall),
      line('M24 274Q40 314 200 316Q360 314 376 274', darker(tone, 0.35), 4, 0.6),
      path('M106 256Q104 118 200 112Q296 118 294 256Q200 290 106 256z', tone, wicker, round),
      path('M106 228Q200 264 294 228L295 258Q200 292 105 258z', '#3b4a68'),
      path('M286 240q30 10 44 36l-20 0l-4 14q-16 -20 -26 -34z', '#2f3d58'),
      line('M110 234Q200 270 290 234', '#ffffff', 2, 0.35),
      line('M128 190Q136 140 176 126', '#ffffff', 7, 0.4),
    ].join(''),
  'walking socks': (tone = '#6f7f8a') =>
    lifted(
      placed('translate(42 -22) scale(.96)', sock(darker(tone, 0.08), '#b3562f')),
      placed('translate(-40 14) scale(.96)', sock(tone, '#c4683f', path('M148 118h82v12h-82zM148 140h82v6h-82z', '#f0e6d2'))),
    ),
  'house socks': (tone = '#d8c7ae') =>
    lifted(
      placed('translate(42 -22) scale(.96)', sock(darker(tone, 0.08), darker(tone, 0.12))),
      placed(
        'translate(-40 14) scale(.96)',
        sock(
          tone,
          lighter(tone, 0.12),
          repeated(points('196 330, 212 314, 216 340, 234 324, 238 344, 256 332, 262 314, 280 334, 284 314, 302 324, 306 340'), ([x, y]) =>
            oval(x, y, 5, 5, '#7b4b4f'),
          ),
          path('M160 150l12 14 12 -14 12 14 12 -14 12 14v10l-12 -14 -12 14 -12 -14 -12 14 -12 -14z', '#9d4b4f'),
        ),
      ),
    ),
};
