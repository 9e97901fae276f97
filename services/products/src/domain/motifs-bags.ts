import { brass, darker, leather, lighter } from './picture-colours.ts';
import { ball, fall, round, sheet, slant, weave } from './picture-fills.ts';
import { box, dashed, gleam, lens, lifted, line, oval, path, placed, repeated, shadow } from './picture-shapes.ts';

const strap = '#8b5a34';
const buckle = (x: number, y: number): string => line(`M${x - 11} ${y - 9}h22v18h-22zM${x} ${y - 9}v18`, brass, 4);
const zip = (d: string): string => line(d, '#3b3936', 8) + dashed(d, brass, 5, '3 2.4');

/** What things are carried in. */
export const bagsMotifs = {
  tote: (tone = '#e0cda9') =>
    lifted(
      line('M148 150Q146 34 200 34T252 150', darker(tone, 0.3), 13),
      path('M88 138q112 12 224 0l14 204q-126 18 -252 0z', tone, weave, slant),
      path('M88 138q112 12 224 0l1 20q-113 12 -226 0z', darker(tone, 0.1), weave),
      dashed('M87 160q113 12 226 0', darker(tone, 0.45), 1.6, '4 3'),
      line('M134 200V152Q136 58 200 58T266 152V200', darker(tone, 0.3), 18),
      line('M134 200V152Q136 58 200 58T266 152V200', lighter(tone, 0.1), 14),
      line('M127 184h14v16h-14zM259 184h14v16h-14zM127 184l14 16m0 -16l-14 16M259 184l14 16m0 -16l-14 16', darker(tone, 0.5), 1.8),
      lens(118, 212, 4, 122, 34, 12, darker(tone, 0.75), 0.2) + lens(132, 216, 4, 110, 30, 6, '#ffffff', 0.25),
      lens(288, 212, -2, 122, -42, 12, darker(tone, 0.75), 0.2) + lens(204, 250, 2, 84, 10, 7, darker(tone, 0.75), 0.12),
      path('M172 248q28 -22 56 0q-4 44 -28 54q-24 -10 -28 -54z', darker(tone, 0.5)),
      line('M200 292V256M200 276l-14 -12M200 276l14 -12', lighter(tone, 0.3), 3),
      dashed('M77 322q123 18 246 0', darker(tone, 0.45), 1.6, '4 3'),
    ),
  backpack: (tone = '#7c8150') =>
    [
      shadow(200, 352, 108),
      line('M168 66Q170 28 200 28T232 66', darker(tone, 0.4), 12),
      path('M92 200Q62 216 66 300q2 30 22 34zM308 200q30 16 26 100q-2 30 -22 34z', darker(tone, 0.3), slant),
      path('M92 150Q92 56 200 54Q308 56 308 150V318q0 32 -32 32H124q-32 0 -32 -32z', tone, weave, round),
      box(112, 226, 176, 108, 20, lighter(tone, 0.07), weave, slant),
      line('M116 262h168', darker(tone, 0.4), 2),
      zip('M130 252h140'),
      path('M86 140Q90 50 200 48Q310 50 314 140V176q0 14 -14 14H100q-14 0 -14 -14z', lighter(tone, 0.1), weave, slant),
      line('M88 176q2 12 12 12h200q10 0 12 -12', darker(tone, 0.45), 2.5),
      repeated([144, 256], (x) => [box(x - 10, 164, 20, 76, 4, strap, fall), buckle(x, 208)].join('')),
      box(170, 100, 60, 34, 4, strap, fall),
      dashed('M175 105h50v24h-50z', '#e9cfa4', 1.5, '3 3'),
      line('M116 128Q120 80 168 66', '#ffffff', 6, 0.3),
    ].join(''),
  satchel: (tone = leather) =>
    [
      shadow(200, 340, 140),
      line('M84 166Q60 20 200 22T316 166', darker(tone, 0.35), 13),
      line('M90 150Q74 28 196 26', lighter(tone, 0.3), 3, 0.6),
      path('M66 158q0 -16 16 -16h236q16 0 16 16v156q0 26 -26 26H92q-26 0 -26 -26z', darker(tone, 0.14), slant),
      path('M60 150q0 -16 18 -16h244q18 0 18 16v72q0 62 -56 66H116q-56 -4 -56 -66z', tone, slant),
      dashed('M70 152v70q0 52 48 56h164q48 -4 48 -56v-70', '#efd3a4', 2, '5 4'),
      repeated([128, 272], (x) =>
        [box(x - 13, 184, 26, 136, 5, darker(tone, 0.22), slant), buckle(x, 292), oval(x, 312, 2.5, 2.5, '#2b1a10')].join(''),
      ),
      box(164, 122, 72, 18, 9, darker(tone, 0.3), fall),
      gleam(84, 160, 50, 6, 0.25),
    ].join(''),
  'weekend bag': (tone = '#5f6b58') =>
    [
      shadow(200, 334, 160),
      line('M132 200Q132 66 200 66T268 200', darker(strap, 0.3), 12),
      path('M34 250Q36 164 88 150Q200 132 312 150Q364 164 366 250Q368 330 340 334H60Q32 330 34 250z', tone, weave, round),
      zip('M86 158Q200 140 314 158'),
      path('M38 290H362Q360 332 340 334H60Q40 332 38 290z', strap, slant),
      repeated([128, 272], (x) => box(x - 11, 176, 22, 158, 3, strap, fall)),
      line('M128 196Q126 84 200 82T272 196', strap, 13),
      line('M134 170Q140 90 198 86', lighter(strap, 0.4), 3, 0.6),
      box(22, 216, 22, 36, 5, strap, slant) + box(356, 216, 22, 36, 5, darker(strap, 0.2), slant),
      dashed('M44 296H356', '#efd3a4', 2, '5 4'),
      path('M180 214h40v44l-20 12l-20 -12z', strap, slant),
      oval(200, 222, 4, 4, brass, ball),
    ].join(''),
  'belt pouch': (tone = '#3d6672') =>
    lifted(
      path('M20 150q60 -24 90 12l-14 36Q54 168 16 176zM380 150q-60 -24 -90 12l14 36q42 -30 80 -22z', '#35373b', weave),
      box(24, 146, 40, 34, 5, '#26282b', sheet),
      path('M92 152Q94 130 120 130H280q26 0 28 22L322 240Q316 292 200 296Q84 292 78 240z', tone, weave, slant),
      path('M96 216Q200 232 304 216L312 250Q290 284 200 286Q110 284 88 250z', lighter(tone, 0.1), weave, slant),
      zip('M104 170Q200 186 296 170'),
      zip('M108 224Q200 240 292 224'),
      line('M300 170l12 16M296 226l10 18', '#e3b34a', 5),
      box(180, 252, 40, 18, 3, '#f2ead8'),
      line('M187 261h26', '#3d6672', 3),
      line('M112 146Q160 140 190 140', '#ffffff', 5, 0.35),
    ),
  'card wallet': (tone = '#b3562f') =>
    placed(
      'rotate(-10 200 200)',
      lifted(
        box(94, 92, 190, 120, 10, '#dfe5ea', slant),
        path('M94 112h190v18H94z', '#5f7fa6'),
        box(102, 112, 190, 120, 10, '#c9a45a', slant),
        oval(258, 134, 13, 13, '#e8cf94'),
        box(76, 146, 248, 166, 16, tone, slant),
        path('M76 194Q200 216 324 194V296q0 16 -16 16H92q-16 0 -16 -16z', lighter(tone, 0.07), slant),
        line('M78 194Q200 216 322 194', darker(tone, 0.55), 3),
        path('M76 238Q200 262 324 238V296q0 16 -16 16H92q-16 0 -16 -16z', lighter(tone, 0.12), slant),
        line('M78 238Q200 262 322 238', darker(tone, 0.55), 3),
        dashed('M86 204V292q0 10 10 10H304q10 0 10 -10V204', lighter(tone, 0.55), 2, '5 4'),
      ),
    ),
  'wash bag': (tone = '#56697f') =>
    [
      shadow(200, 328, 136),
      path('M62 190Q70 140 120 136H290q44 2 50 54L344 306q0 20 -22 22H78q-22 -2 -22 -22z', tone, weave, round),
      path('M70 176Q76 142 120 138H288q38 2 46 38Q200 154 70 176z', lighter(tone, 0.14), weave),
      zip('M68 180Q200 154 336 180'),
      line('M330 178q26 12 18 44', brass, 5),
      path('M338 214h20l4 34h-26z', strap, slant),
      line('M60 216Q30 216 30 250t28 34', strap, 12),
      box(56, 206, 22, 18, 3, strap, fall) + box(54, 274, 22, 18, 3, strap, fall),
      path('M58 288Q200 312 342 288L344 306q0 20 -22 22H78q-22 -2 -22 -22z', darker(tone, 0.25)),
      dashed('M60 296Q200 318 340 296', lighter(tone, 0.5), 1.8, '5 4'),
      box(98, 214, 76, 42, 4, strap, slant),
      dashed('M103 219h66v32h-66z', '#efd3a4', 1.6, '4 3'),
    ].join(''),
};
