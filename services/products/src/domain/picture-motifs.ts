/** The shapes pictures are drawn from, on a ground of 200 by 200; `a` is the main colour, `b` its darker, `c` its lighter tone. */
export const motifs = {
  mug: '<path d="M60 70h70v60a22 22 0 0 1-22 22H82a22 22 0 0 1-22-22z" fill="a"/><path d="M130 84h12a18 18 0 0 1 0 36h-12" fill="none" stroke="b" stroke-width="9"/><ellipse cx="95" cy="70" rx="35" ry="8" fill="b"/><path d="M82 54q-6-9 0-18M100 54q-6-9 0-18" fill="none" stroke="c" stroke-width="4" stroke-linecap="round"/>',
  bowl: '<path d="M40 92h120a60 60 0 0 1-42 57H82a60 60 0 0 1-42-57z" fill="a"/><ellipse cx="100" cy="92" rx="60" ry="13" fill="b"/><rect x="80" y="149" width="40" height="7" rx="3" fill="b"/>',
  plate:
    '<circle cx="100" cy="100" r="58" fill="a"/><circle cx="100" cy="100" r="40" fill="c"/><circle cx="100" cy="100" r="40" fill="none" stroke="b" stroke-width="3"/>',
  bottle:
    '<rect x="88" y="34" width="24" height="20" rx="4" fill="b"/><path d="M86 54h28v16q14 10 14 28v52a12 12 0 0 1-12 12H84a12 12 0 0 1-12-12V98q0-18 14-28z" fill="a"/><rect x="72" y="104" width="56" height="32" fill="c"/>',
  jar: '<rect x="68" y="44" width="64" height="18" rx="6" fill="b"/><rect x="60" y="62" width="80" height="94" rx="16" fill="a"/><rect x="72" y="88" width="56" height="40" rx="6" fill="c"/>',
  knife:
    '<path d="M46 116 140 46q16 22-4 44L84 124z" fill="c" stroke="b" stroke-width="3"/><path d="m46 116 38 8-20 30q-12 10-22-2t-4-20z" fill="a"/>',
  board:
    '<rect x="52" y="58" width="96" height="92" rx="14" fill="a"/><circle cx="100" cy="44" r="14" fill="a"/><circle cx="100" cy="44" r="6" fill="c"/><path d="M64 82h72M64 104h72M64 126h72" stroke="b" stroke-width="3"/>',
  pot: '<rect x="54" y="82" width="92" height="66" rx="14" fill="a"/><rect x="48" y="70" width="104" height="14" rx="7" fill="b"/><circle cx="100" cy="60" r="9" fill="b"/><path d="M54 100H38M146 100h16" stroke="b" stroke-width="9" stroke-linecap="round"/>',
  shirt:
    '<path d="m76 48-38 22 14 28 14-7v63h68V91l14 7 14-28-38-22q-24 22-48 0z" fill="a"/><path d="M76 48q24 22 48 0" fill="none" stroke="b" stroke-width="6"/>',
  jumper:
    '<path d="m74 50-36 20 4 74h20l4-40v52h68v-52l4 40h20l4-74-36-20q-26 16-52 0z" fill="a"/><path d="M66 146h68M74 50q26 16 52 0" fill="none" stroke="b" stroke-width="8"/>',
  scarf:
    '<path d="M64 52q36 26 72 0l8 20q-44 28-88 0z" fill="b"/><path d="M78 76h22v76H78zM104 80h20v60h-20z" fill="a"/><path d="M78 152v8m8-8v8m8-8v8m14-20v8m8-8v8" stroke="b" stroke-width="3"/>',
  hat: '<path d="M60 116q0-64 40-64t40 64z" fill="a"/><rect x="52" y="112" width="96" height="24" rx="12" fill="b"/><circle cx="100" cy="48" r="11" fill="c"/>',
  sock: '<path d="M82 42h36v62l30 22q12 16-6 26H118q-12 0-36-34z" fill="a"/><rect x="80" y="42" width="40" height="16" rx="4" fill="b"/><path d="M82 74h36M82 90h36" stroke="c" stroke-width="5"/>',
  bag: '<rect x="52" y="76" width="96" height="80" rx="10" fill="a"/><path d="M76 84V64a24 24 0 0 1 48 0v20" fill="none" stroke="b" stroke-width="8"/><rect x="70" y="106" width="60" height="28" rx="5" fill="c"/>',
  backpack:
    '<path d="M62 84q0-40 38-40t38 40v64a10 10 0 0 1-10 10H72a10 10 0 0 1-10-10z" fill="a"/><rect x="74" y="108" width="52" height="38" rx="7" fill="c"/><path d="M80 44q0-12 20-12t20 12M74 122h52" fill="none" stroke="b" stroke-width="6"/>',
  book: '<path d="M56 48h78a8 8 0 0 1 8 8v96H66a10 10 0 0 1-10-10z" fill="a"/><path d="M56 142a10 10 0 0 1 10-10h76v20H66a10 10 0 0 1-10-10z" fill="c"/><path d="M76 72h46M76 88h30" stroke="b" stroke-width="5" stroke-linecap="round"/>',
  pen: '<path d="m52 148 8-28L128 52l20 20-68 68z" fill="a"/><path d="m52 148 8-28 20 20z" fill="c"/><path d="m128 52 20 20 8-8q6-10-4-18t-16-2z" fill="b"/>',
  lamp: '<path d="M76 48h48l20 54H56z" fill="a"/><rect x="95" y="102" width="10" height="44" fill="b"/><rect x="70" y="146" width="60" height="10" rx="5" fill="b"/><path d="M62 114q38 18 76 0" fill="none" stroke="c" stroke-width="5"/>',
  candle:
    '<rect x="76" y="82" width="48" height="72" rx="8" fill="a"/><path d="M100 44q18 20 0 34-18-14 0-34z" fill="c" stroke="b" stroke-width="3"/><ellipse cx="100" cy="82" rx="24" ry="6" fill="b"/>',
  cushion:
    '<path d="M48 56q52 14 104 0-12 48 0 94-52-12-104 0 12-46 0-94z" fill="a"/><path d="M74 80q26 8 52 0m-52 44q26-8 52 0" fill="none" stroke="c" stroke-width="5"/><circle cx="100" cy="102" r="6" fill="b"/>',
  towel:
    '<path d="M52 56h88a10 10 0 0 1 10 10v78H62V66a10 10 0 0 0-10-10z" fill="a"/><path d="M62 118h88M62 130h88" stroke="c" stroke-width="5"/><path d="M52 56a10 10 0 0 0-8 16l18 2v-8a10 10 0 0 0-10-10z" fill="b"/>',
  plant:
    '<path d="M70 112h60l-8 44H78z" fill="b"/><path d="M100 112V70m0 22q-34 2-36-32 34 0 36 32zm0-12q30-2 34-34-30-2-34 34z" fill="a" stroke="a" stroke-width="4"/>',
  tool: '<path d="M94 40h12v74H94z" fill="b"/><path d="M76 104h48q4 36-24 58-28-22-24-58z" fill="a"/><rect x="80" y="34" width="40" height="12" rx="6" fill="c"/>',
  tent: '<path d="M100 48 38 150h124z" fill="a"/><path d="m100 78-26 72h52z" fill="b"/><path d="M100 48v-10" stroke="c" stroke-width="5"/>',
  flask:
    '<rect x="78" y="40" width="44" height="22" rx="6" fill="c"/><rect x="72" y="62" width="56" height="96" rx="12" fill="a"/><path d="M72 88h56" stroke="b" stroke-width="6"/>',
  game: '<rect x="52" y="52" width="96" height="96" rx="12" fill="a"/><path d="M100 52v96M52 100h96" stroke="c" stroke-width="4"/><circle cx="76" cy="76" r="11" fill="b"/><circle cx="124" cy="124" r="11" fill="c"/><circle cx="124" cy="76" r="11" fill="c"/>',
  animal:
    '<ellipse cx="100" cy="118" rx="44" ry="36" fill="a"/><circle cx="100" cy="78" r="30" fill="a"/><circle cx="76" cy="54" r="12" fill="b"/><circle cx="124" cy="54" r="12" fill="b"/><circle cx="90" cy="76" r="4" fill="c"/><circle cx="110" cy="76" r="4" fill="c"/><ellipse cx="100" cy="90" rx="8" ry="6" fill="b"/>',
  soap: '<rect x="50" y="84" width="100" height="58" rx="22" fill="a"/><rect x="68" y="100" width="64" height="26" rx="12" fill="c"/><circle cx="72" cy="66" r="10" fill="c"/><circle cx="98" cy="54" r="14" fill="c"/><circle cx="126" cy="68" r="8" fill="c"/>',
} as const satisfies Record<string, string>;

export type Motif = keyof typeof motifs;
