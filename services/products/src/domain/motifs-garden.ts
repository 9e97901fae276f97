import { ash, brass, darker, iron, jute, leaf, lighter, oak, paper, steel } from './picture-colours.ts';
import { ball, fall, grain, metal, round, slant, speckle, upgrain } from './picture-fills.ts';
import { box, dashed, gleam, lifted, line, opening, oval, path, placed, points, repeated, shadow, turned } from './picture-shapes.ts';

const flower = (x: number, y: number, size: number, petal: string, middle: string): string =>
  [
    repeated([0, 60, 120, 180, 240, 300], (turn) =>
      placed(`translate(${x} ${y}) rotate(${turn})`, oval(0, -size, size * 0.52, size * 0.8, petal)),
    ),
    oval(x, y, size * 0.5, size * 0.5, middle, ball),
  ].join('');

const sprig = (x: number, y: number, turn: number, size = 1): string =>
  placed(
    `translate(${x} ${y}) rotate(${turn}) scale(${size})`,
    line('M0 0Q4 -40 0 -86', darker(leaf, 0.2), 4),
    repeated([0, 1, 2, 3], (at) =>
      [
        path(`M0 ${-14 - at * 20}q-34 0 -36 -28q28 -2 36 28z`, leaf),
        path(`M0 ${-20 - at * 20}q32 -2 34 -28q-28 0 -34 28z`, lighter(leaf, 0.14)),
      ].join(''),
    ),
    path('M0 -84q-14 -16 0 -34q14 18 0 34z', lighter(leaf, 0.2)),
  );

const packet = (tone: string, art: string): string =>
  [
    path('M96 60H304V346H96z', tone, slant),
    path('M96 60H304V92H96z', darker(tone, 0.18)),
    line('M96 92H304', darker(tone, 0.4), 2, 0.6),
    repeated([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], (at) => path(`M${96 + at * 16} 60l8 -8 8 8z`, darker(tone, 0.18))),
    box(116, 106, 168, 178, 6, paper),
    art,
    box(136, 298, 128, 12, 3, paper),
    box(158, 320, 84, 8, 3, lighter(tone, 0.5)),
  ].join('');

/** What grows things. */
export const gardenMotifs = {
  trowel: (tone = steel) =>
    placed(
      'rotate(38 200 200)',
      lifted(
        path('M176 232H224Q252 250 248 296Q240 352 200 388Q160 352 152 296Q148 250 176 232z', tone, metal, slant),
        path('M190 240h20q6 60 -10 132q-16 -72 -10 -132z', darker(tone, 0.24)),
        repeated([0, 1, 2, 3], (at) => line(`M160 ${276 + at * 18}h${at % 2 ? 10 : 16}`, darker(tone, 0.6), 2.4)),
        path('M190 168h20l4 70h-28z', darker(tone, 0.12), metal),
        path('M176 40Q200 4 224 40Q232 70 222 96Q232 130 218 172H182Q168 130 178 96Q168 70 176 40z', ash, upgrain, round),
        box(180, 160, 40, 18, 4, brass, metal),
        line('M200 40Q186 26 200 18', '#8b5a34', 5),
        gleam(188, 60, 80, 5, 0.4),
      ),
    ),
  'watering can': (tone = '#a3b0b4') =>
    [
      shadow(214, 342, 118),
      line('M150 168Q190 60 268 92T326 240', darker(tone, 0.35), 16),
      line('M150 164Q190 58 266 88T322 238', lighter(tone, 0.15), 9),
      path('M150 288L64 148l20 -12L164 226z', tone, slant),
      line('M106 206L160 180', darker(tone, 0.3), 7),
      placed(
        'rotate(-32 66 130)',
        path('M34 116q32 -14 66 0l-18 36h-30z', brass, round),
        oval(67, 114, 34, 12, lighter(brass, 0.3)),
        repeated([48, 58, 68, 78, 86], (x) => oval(x, 114, 2, 2, '#5a3f10') + oval(x - 4, 109, 1.6, 1.6, '#5a3f10')),
      ),
      turned(230, points('170 88, 170 88, 322 100, 334 98'), tone, metal),
      opening(230, 170, 88, lighter(tone, 0.35), darker(tone, 0.4)),
      path('M142 170a88 17.6 0 0 1 100 -17q-30 14 -26 34q-50 2 -74 -17z', tone, slant),
      line('M140 204a91 18 0 0 0 180 0M134 306a98 20 0 0 0 192 0', darker(tone, 0.45), 3, 0.7),
      gleam(160, 210, 90, 8, 0.5),
      repeated(points('34 158, 20 186, 44 190, 14 222, 34 226'), ([x, y]) => path(`M${x} ${y}q8 12 0 18q-8 -6 0 -18z`, '#6fa9c4')),
    ].join(''),
  'plant pot': (tone = '#c4714a') =>
    [
      shadow(200, 352, 104),
      turned(200, points('326 108, 330 110, 348 90'), darker(tone, 0.08), round),
      oval(200, 326, 108, 21, darker(tone, 0.3)),
      sprig(200, 192, 0, 1.25),
      sprig(176, 196, -38, 1.05),
      sprig(226, 196, 36, 1.05),
      sprig(160, 200, -68, 0.75),
      sprig(244, 200, 66, 0.75),
      turned(200, points('228 92, 228 92, 318 68, 334 64'), tone, speckle, round),
      turned(200, points('188 104, 188 104, 222 104, 232 100'), lighter(tone, 0.06), speckle, round),
      oval(200, 188, 104, 20, lighter(tone, 0.14)),
      oval(200, 190, 94, 16, '#4a3324', speckle),
      line('M180 192Q176 170 168 152M200 192V140M222 192Q226 170 234 152', darker(leaf, 0.2), 5),
      gleam(110, 200, 18, 7, 0.4),
    ].join(''),
  'wildflower seeds': (tone = '#7f9ec0') =>
    placed(
      'rotate(-6 200 200)',
      lifted(
        packet(
          tone,
          [
            line(
              'M150 276Q156 220 152 168M200 278Q196 210 204 142M246 276Q246 230 244 186M176 278Q172 250 178 226M226 278q2 -30 -2 -54',
              leaf,
              4.4,
            ),
            path('M150 250q-20 -4 -24 -26q22 2 24 26zM204 240q22 -6 24 -30q-22 6 -24 30z', leaf),
            flower(152, 164, 20, '#d5483f', '#2b1a1a'),
            flower(204, 140, 22, '#fdfaf2', '#eab43a'),
            flower(246, 184, 18, '#4f6fb4', '#2b3358'),
            flower(178, 222, 15, '#eab43a', '#9a6420'),
            flower(224, 228, 13, '#c277a8', '#f4e2a4'),
          ].join(''),
        ),
      ),
      placed(
        'translate(292 366)',
        repeated(points('0 0, 14 -8, 26 4, -16 6, 40 -6, 8 12'), ([x, y], at) => oval(x, y, 5, 3.4, at % 2 ? '#5a3f24' : '#8b6a3d', ball)),
      ),
    ),
  'herb seeds': (tone = '#5f8a64') =>
    [
      placed(
        'rotate(14 240 200) translate(40 4)',
        lifted(packet('#c08a4a', [sprig(200, 280, -8, 1.3), sprig(160, 282, -24, 0.9)].join(''))),
      ),
      placed(
        'rotate(-8 170 200) translate(-30 4)',
        lifted(
          packet(
            tone,
            [
              line('M200 280V190', darker(leaf, 0.25), 5),
              repeated(points('200 160 0, 158 190 -54, 242 190 54, 166 232 -76, 234 232 76'), ([x, y, turn]) =>
                placed(
                  `translate(${x} ${y}) rotate(${turn})`,
                  path('M0 38Q-34 10 -18 -24Q-8 -40 0 -44Q8 -40 18 -24Q34 10 0 38z', leaf, slant),
                  line('M0 34V-34M0 10l-14 -12M0 10l14 -12M0 -8l-10 -10M0 -8l10 -10', darker(leaf, 0.35), 2),
                ),
              ),
            ].join(''),
          ),
        ),
      ),
    ].join(''),
  twine: (tone = jute) =>
    [
      shadow(196, 342, 116),
      turned(190, points('204 98, 204 98, 322 98, 334 92'), '#4f7a5c', round),
      path('M92 250a98 20 0 0 0 196 0v44a98 20 0 0 1 -196 0z', '#f2e7cf', round),
      line('M150 290q40 8 80 0M164 276q26 5 52 0', '#4f7a5c', 5),
      line('M92 324a98 20 0 0 0 196 0', '#3a5a44', 3),
      oval(190, 204, 98, 20, '#2f4a38'),
      oval(190, 172, 88, 78, tone, ball),
      repeated([0, 1, 2, 3, 4, 5, 6], (at) =>
        line(
          `M${106 + at * 4} ${196 - at * 14}Q190 ${238 - at * 26} ${274 - at * 4} ${196 - at * 14}`,
          at % 2 ? darker(tone, 0.3) : lighter(tone, 0.3),
          4,
          0.8,
        ),
      ),
      repeated([0, 1, 2, 3, 4], (at) =>
        line(
          `M${128 + at * 12} ${112 + at * 3}Q${230 + at * 6} ${136 + at * 8} ${256 - at * 4} ${214 - at * 2}`,
          at % 2 ? lighter(tone, 0.35) : darker(tone, 0.25),
          4,
          0.8,
        ),
      ),
      path('M92 204a98 20 0 0 0 196 0v22a98 20 0 0 1 -196 0z', '#5f8a6b', round),
      line('M248 140Q330 110 330 200T352 330q-6 24 -40 16', darker(tone, 0.25), 6),
      dashed('M248 140Q330 110 330 200T352 330q-6 24 -40 16', lighter(tone, 0.35), 5, '5 4'),
    ].join(''),
  'pruning shears': (tone = '#b83a30') =>
    placed(
      'rotate(34 200 210)',
      lifted(
        path('M180 176Q150 250 148 360q0 18 16 16q14 -4 16 -20Q184 270 212 214z', darker(tone, 0.15), slant),
        path('M214 176Q252 250 256 350q2 22 -14 24q-14 0 -18 -20Q214 270 186 214z', tone, slant),
        line('M160 350Q164 270 188 210', lighter(tone, 0.4), 4, 0.7),
        path('M186 206Q160 130 196 44Q206 20 212 34Q224 110 216 196z', lighter(steel, 0.1), metal),
        path('M212 34Q224 110 216 196l-10 4Q216 110 206 40z', lighter(steel, 0.6)),
        path('M210 206Q250 170 248 110Q246 70 232 60Q240 104 222 140Q206 170 186 184z', darker(steel, 0.3), slant),
        line('M184 268q14 10 26 0M186 278q12 10 22 0M186 288q11 8 20 0', steel, 4),
        oval(200, 196, 19, 19, iron, ball),
        oval(200, 196, 9, 9, brass, ball),
        box(246, 318, 8, 20, 3, '#2b2a29'),
      ),
    ),
  'bird feeder': (tone = oak) =>
    [
      line('M200 6V60', '#8b6a45', 4),
      line('M200 22q-16 14 0 30', '#8b6a45', 4),
      lifted(
        path('M120 176H280V286H120z', darker(tone, 0.2), upgrain),
        box(136, 184, 128, 96, 3, '#e9dcb4'),
        path('M136 240q30 -14 62 -4q36 -14 66 2v44H136z', '#9a7234', speckle),
        path('M136 184h128v96H136z', 'url(#glass)'),
        box(120, 170, 18, 118, 2, tone, upgrain, round),
        box(262, 170, 18, 118, 2, tone, upgrain, round),
        path('M78 286H322L334 312H66z', tone, grain, fall),
        box(66, 310, 268, 16, 2, darker(tone, 0.35), grain),
        path('M200 54L330 172q4 8 -6 8H204z', darker(tone, 0.34), grain),
        path('M200 54L70 172q-4 8 6 8H324q10 0 6 -8z', darker(tone, 0.1), grain, slant),
        path('M200 54L70 172l10 8L200 74L320 180l10 -8z', darker(tone, 0.38)),
        oval(200, 128, 17, 17, darker(tone, 0.6)),
      ),
      placed(
        'translate(264 288)',
        path('M-40 -4Q-30 -50 8 -56Q22 -84 48 -74Q64 -66 60 -46Q58 -6 20 6Q-6 12 -24 2L-66 18Q-60 4 -40 -4z', '#8b7a68', ball),
        path('M14 -40Q34 -46 54 -38Q54 -6 22 4Q2 -10 14 -40z', '#d96f3d', slant),
        path('M60 -64l18 8l-18 4z', '#3a2c24'),
        oval(46, -62, 3.6, 3.6, '#1c1714') + oval(47, -63, 1.2, 1.2, '#ffffff'),
        path('M-30 -6Q-10 -40 16 -36Q4 -4 -30 -6z', '#6f5f50'),
        line('M10 4v14M22 4v14', '#5a4230', 3),
      ),
      repeated(points('96 306, 112 300, 132 306, 150 301, 178 305, 206 301'), ([x, y]) => oval(x, y, 4, 2.6, '#5a3f1c')),
    ].join(''),
};
