import { ash, darker, lighter, oak, paper, steel } from './picture-colours.ts';
import { ball, fall, glass, grain, metal, round, sheet, slant, upgrain, weave } from './picture-fills.ts';
import { box, dashed, gleam, lens, lifted, line, oval, path, placed, points, repeated, shadow, turned } from './picture-shapes.ts';

/** What the sample does not sell and other shops do, and a carton for all that has no drawing. */
export const generalMotifs = {
  carton: (tone = '#c9a271') =>
    [
      shadow(206, 340, 140),
      path('M70 150L200 196V350L70 296z', tone, slant),
      path('M330 150L200 196V350L330 296z', darker(tone, 0.24), slant),
      path('M70 150L200 104L330 150L200 196z', lighter(tone, 0.22), fall),
      path('M122 132L252 178V214L238 219V183L108 137z', lighter(tone, 0.5)),
      path('M252 178L238 183V219L252 214z', lighter(tone, 0.3)),
      line('M70 150L200 196L330 150M200 196V350', darker(tone, 0.4), 2, 0.6),
      path('M92 236l56 22v44l-56 -22z', paper),
      line('M100 250l38 15M100 264l30 12', darker(tone, 0.45), 3),
    ].join(''),
  bottle: (tone = '#4f6f52') =>
    [
      shadow(200, 352, 64),
      turned(200, points('70 22, 130 24, 160 34, 190 58, 214 62, 330 62, 344 56'), tone, round),
      turned(200, points('70 22, 130 24, 160 34, 190 58, 214 62, 330 62, 344 56'), glass),
      box(141, 220, 118, 84, 2, paper, round),
      line('M160 244h80M172 262h56', darker(tone, 0.3), 4),
      oval(200, 284, 9, 9, '#b3562f'),
      turned(200, points('48 22, 54 24, 116 25'), '#8a3d3d', round),
      gleam(156, 190, 130, 8, 0.4),
    ].join(''),
  book: (tone = '#7a3f46') =>
    placed(
      'rotate(-6 200 200)',
      lifted(
        path('M96 72q0 -20 20 -20H310V348H116q-20 0 -20 -20z', darker(tone, 0.4)),
        path('M108 330q0 -16 16 -16H304V342H124q-16 0 -16 -12z', '#f4ead6'),
        line('M112 324H304M112 331H304', '#cdbf9f', 1.4),
        path('M92 66q0 -20 20 -20H308V312H116q-18 0 -24 16z', tone, slant),
        path('M92 66q0 -20 20 -20h8V312h-6q-16 2 -22 16z', darker(tone, 0.3)),
        line('M138 66H290V292H138z', '#e0bd6a', 2.5),
        line('M168 112H262M182 134H248', '#e0bd6a', 6),
        path('M214 178q34 12 34 44q-34 0 -34 -44zM214 178q-34 12 -34 44q34 0 34 -44zM214 190v66', '#e0bd6a'),
      ),
    ),
  shoe: (tone = '#f0ece4') =>
    [
      shadow(200, 316, 168, 20),
      path('M40 280Q36 300 50 308H340Q374 308 372 280z', '#fdfbf6', fall),
      path('M40 286Q200 300 372 282V290Q200 308 42 296z', darker(tone, 0.3)),
      path('M44 282Q36 220 62 172Q100 190 140 160Q160 186 216 214Q262 240 318 244Q368 250 372 284z', tone, weave, slant),
      path('M300 243Q368 248 372 284H316Q288 266 300 243z', darker(tone, 0.14), slant),
      path('M44 282Q36 220 62 172Q82 184 104 178Q86 230 92 282z', darker(tone, 0.12), slant),
      path('M62 172Q100 192 140 160Q136 146 124 140Q96 160 70 150z', darker(tone, 0.4)),
      path('M132 168Q160 190 220 218L200 250Q150 226 118 190z', lighter(tone, 0.2), weave),
      repeated(
        [0, 1, 2, 3],
        (at) =>
          line(`M${140 + at * 22} ${172 + at * 13}l-24 28`, '#ffffff', 8) +
          line(`M${140 + at * 22} ${174 + at * 13}l-24 28`, darker(tone, 0.4), 1.6, 0.6),
      ),
      path('M196 276Q236 252 290 262Q240 268 222 282z', '#b3562f'),
    ].join(''),
  trousers: (tone = '#3f5573') =>
    lifted(
      path('M124 44H276L312 356H224L202 150L176 356H88z', tone, weave, slant),
      path('M122 44H278L281 70H119z', darker(tone, 0.14), weave),
      repeated([136, 170, 226, 260], (x) => box(x, 40, 8, 34, 2, lighter(tone, 0.12))),
      line('M200 72V150M200 150q-22 -10 -22 -40', darker(tone, 0.5), 2.4, 0.8),
      line('M120 80q6 40 40 44M280 80q-6 40 -40 44', darker(tone, 0.5), 2.4, 0.8),
      dashed('M92 342H176M226 342H309', lighter(tone, 0.5), 1.8, '4 3'),
      oval(200, 58, 5, 5, '#c8a04a', ball),
      lens(138, 150, -16, 180, -4, 10, '#ffffff', 0.18) + lens(264, 160, 18, 170, -14, 10, darker(tone, 0.7), 0.25),
    ),
  dress: (tone = '#b5566a') =>
    lifted(
      path('M152 44Q160 96 200 100Q240 96 248 44L268 50Q264 120 258 160L330 340Q200 376 70 340L142 160Q136 120 132 50z', tone, slant),
      path('M142 156Q200 172 258 156L262 174Q200 190 138 174z', darker(tone, 0.4)),
      repeated([0, 1, 2, 3, 4], (at) => lens(160 + at * 20, 182, -44 + at * 22, 160, -2 + at, 12, darker(tone, 0.7), 0.2)),
      lens(150, 190, -38, 140, -6, 10, '#ffffff', 0.22),
      line('M152 44Q160 96 200 100Q240 96 248 44', darker(tone, 0.45), 2.4, 0.7),
      dashed('M76 332Q200 366 324 332', lighter(tone, 0.5), 1.8, '4 3'),
    ),
  chair: (tone = oak) =>
    [
      shadow(204, 348, 116),
      line('M138 210L130 336M266 206L276 326', darker(tone, 0.35), 13),
      line('M112 236L104 350M292 240L302 352', tone, 15),
      path('M118 40q-8 90 10 176h18q-14 -90 -8 -172zM282 40q8 90 -10 176h-18q14 -90 8 -172z', tone, upgrain, slant),
      repeated([0, 1, 2], (at) =>
        path(
          `M${132 + at} ${62 + at * 46}Q200 ${76 + at * 46} ${268 - at} ${62 + at * 46}v24Q200 ${100 + at * 46} ${132 + at} ${86 + at * 46}z`,
          lighter(tone, 0.1),
          grain,
          fall,
        ),
      ),
      path('M120 206H280L312 244Q200 262 88 244z', lighter(tone, 0.16), grain, slant),
      path('M88 244Q200 262 312 244V258Q200 278 88 258z', darker(tone, 0.3), grain),
      line('M110 304Q200 318 298 304', darker(tone, 0.15), 8),
    ].join(''),
  telephone: (tone = '#3a3f47') =>
    placed(
      'rotate(-10 200 200)',
      lifted(
        box(122, 40, 160, 324, 28, darker(tone, 0.4)),
        box(118, 38, 160, 322, 28, tone, sheet),
        box(126, 46, 144, 306, 21, '#2b4a66'),
        path('M126 190Q180 140 270 210V331q0 21 -21 21H147q-21 0 -21 -21z', '#d98a5a'),
        path('M126 236Q200 200 270 262V331q0 21 -21 21H147q-21 0 -21 -21z', '#8a4a63'),
        oval(216, 130, 26, 26, '#f6cf75'),
        box(170, 56, 56, 13, 6, '#14181d'),
        repeated([0, 1, 2, 3], (at) => box(138 + at * 32, 308, 26, 26, 8, at % 2 ? '#f4ead6' : '#9cc4d6', fall)),
        path('M140 48L200 48L130 250V70q0 -20 10 -22z', '#ffffff26'),
      ),
    ),
  headphones: (tone = '#464b55') =>
    [
      shadow(200, 344, 120),
      line('M92 246Q84 60 200 58T308 246', darker(tone, 0.4), 20),
      line('M92 240Q86 64 200 58T308 240', tone, 13),
      line('M110 140Q132 68 196 65', '#ffffff', 4, 0.4),
      path(
        'M72 214q-24 10 -24 54t28 58q16 2 18 -12V224q-4 -14 -22 -10zM328 214q24 10 24 54t-28 58q-16 2 -18 -12V224q4 -14 22 -10z',
        tone,
        slant,
      ),
      path(
        'M92 206q38 -4 44 62q-4 66 -44 64q-10 -60 0 -126zM308 206q-38 -4 -44 62q4 66 44 64q10 -60 0 -126z',
        darker(tone, 0.35),
        'url(#weave)',
        fall,
      ),
      oval(62, 268, 6, 30, steel, metal) + oval(338, 268, 6, 30, steel, metal),
    ].join(''),
  glasses: (tone = '#6b4a34') =>
    [
      path('M50 236Q120 262 190 240Q196 300 128 304Q56 300 50 236z', '#2a1d1026'),
      line('M58 168Q64 130 112 112M342 168Q336 130 288 112', darker(tone, 0.3), 9),
      oval(122, 200, 62, 56, '#cfe3e6', glass) + oval(278, 200, 62, 56, '#cfe3e6', glass),
      line('M60 200a62 56 0 1 0 124 0a62 56 0 1 0 -124 0M216 200a62 56 0 1 0 124 0a62 56 0 1 0 -124 0', tone, 13),
      line('M182 188q18 -18 36 0', tone, 12),
      line('M66 180q12 -28 40 -34M222 180q12 -28 40 -34', lighter(tone, 0.45), 3, 0.8),
      lens(94, 176, 26, 50, -4, 9, '#ffffff', 0.6) + lens(250, 176, 26, 50, -4, 9, '#ffffff', 0.6),
    ].join(''),
  table: (tone = ash) =>
    [
      shadow(200, 344, 160, 20),
      line('M104 190V320M300 188V318', darker(tone, 0.35), 14),
      path('M44 206h26l-6 140h-14zM330 206h26l-6 140h-14z', tone, upgrain, round),
      path('M44 208Q200 222 356 208V228Q200 242 44 228z', darker(tone, 0.22), grain),
      path('M96 152H304L372 196Q200 216 28 196z', lighter(tone, 0.12), grain, slant),
      path('M28 196Q200 216 372 196V208Q200 228 28 208z', darker(tone, 0.12), grain),
      turned(232, points('112 12, 124 14, 146 30, 166 26, 176 18'), '#7f9aa6', round),
      line('M228 116q-10 -40 -34 -52M234 116q4 -44 22 -62', '#5d8a45', 4),
      oval(192, 60, 12, 12, '#e0a5aa', ball) + oval(258, 50, 13, 13, '#e3a93c', ball),
    ].join(''),
};
