import { brass, darker, lighter, porcelain } from './picture-colours.ts';
import { ball, fall, glass, grain, round, slant, speckle } from './picture-fills.ts';
import { faded, gleam, line, opening, oval, path, placed, points, repeated, shadow, turned } from './picture-shapes.ts';

const toast = [
  path('M120 176q-12 -34 24 -38q30 -6 56 0q34 4 24 38l-4 66q-50 10 -96 0z', '#a8672f', slant),
  path('M128 174q-8 -26 20 -29q24 -4 48 0q26 3 20 29l-4 60q-42 8 -80 0z', '#edc888', speckle),
].join('');

const lemon = [
  oval(34, 4, 34, 24, '#b98a1c'),
  oval(34, 0, 34, 24, '#f0c93f'),
  oval(34, 0, 28, 19, '#fdf3c4'),
  repeated(
    [0, 60, 120, 180, 240, 300],
    (turn) => `<path d="M0 -3L22 -9Q28 0 22 9L0 3z" transform="translate(34 0) scale(1 .68) rotate(${turn})" fill="#f5d75e"/>`,
  ),
].join('');

/** What is set on the table. */
export const tablewareMotifs = {
  bowl: (tone = '#d4bf98') =>
    [
      shadow(200, 326, 84),
      turned(200, points('312 60, 330 56'), darker(tone, 0.25), round),
      turned(200, points('186 132, 230 126, 280 96, 316 58'), tone, speckle, round, fall),
      opening(200, 186, 132, lighter(tone, 0.5), darker(tone, 0.12)),
      line('M68 188a132 27 0 0 0 264 0', lighter(tone, 0.55), 5),
      line('M98 226q14 36 46 62', '#ffffff', 8, 0.35),
    ].join(''),
  plate: (tone = '#d4bf98') =>
    [
      shadow(200, 292, 140, 34),
      oval(200, 226, 160, 98, darker(tone, 0.35)),
      oval(200, 216, 160, 98, tone, speckle, slant),
      oval(200, 214, 154, 93, lighter(tone, 0.18), speckle),
      oval(200, 218, 112, 66, darker(tone, 0.18)),
      oval(200, 221, 110, 64, lighter(tone, 0.08), speckle, slant),
      line('M58 190Q84 138 158 124', '#ffffff', 5, 0.6),
    ].join(''),
  'breakfast plate': (tone = porcelain) =>
    [
      shadow(200, 290, 130, 32),
      oval(200, 230, 148, 90, darker(tone, 0.28)),
      oval(200, 222, 148, 90, tone, slant),
      oval(200, 222, 140, 84, '#5f7fa6'),
      oval(200, 222, 136, 81, tone, slant),
      oval(200, 224, 102, 60, darker(tone, 0.1)),
      oval(200, 226, 100, 58, tone),
      placed('rotate(-14 176 214) translate(-4 2)', toast),
      placed('rotate(10 230 210) translate(44 4)', toast),
    ].join(''),
  platter: (tone = '#8b98a0') =>
    [
      shadow(200, 272, 160, 26),
      oval(200, 222, 180, 80, darker(tone, 0.4)),
      oval(200, 212, 180, 80, tone, speckle, slant),
      oval(200, 214, 140, 56, darker(tone, 0.22)),
      oval(200, 217, 138, 53, lighter(tone, 0.12), speckle),
      repeated([110, 158, 206], (x, at) => placed(`translate(${x} ${206 + at * 4})`, lemon)),
      line('M256 236q30 -4 50 -22', '#4b6b3a', 4),
      repeated([0, 1, 2, 3, 4], (at) => line(`M${264 + at * 9} ${233 - at * 4}l-4 -12M${264 + at * 9} ${233 - at * 4}l8 6`, '#5d8a45', 4)),
      line('M40 190Q76 150 160 138', '#ffffff', 5, 0.5),
    ].join(''),
  carafe: (tone = '#dbe9ec') =>
    [
      shadow(200, 342, 78),
      faded(0.5, turned(200, points('112 34, 150 34, 190 52, 250 82, 310 84, 336 72'), tone)),
      turned(200, points('226 70, 226 70, 262 80, 308 80, 328 68'), '#a9d0dc', round),
      oval(200, 226, 70, 13, '#cbe6ee'),
      turned(200, points('112 34, 150 34, 190 52, 250 82, 310 84, 336 72'), glass),
      faded(0.75, path('M158 56q42 -10 84 0l-6 84q-36 10 -72 0z', tone)),
      path('M158 56q42 -10 84 0l-6 84q-36 10 -72 0z', glass),
      oval(200, 56, 42, 8, '#ffffff'),
      oval(200, 140, 36, 7, '#e9f4f6'),
      line('M136 250q-6 40 4 66M166 70l4 60', '#ffffff', 7, 0.8),
      line(
        'M166 140V150Q164 172 148 190Q118 224 116 250V310Q120 330 128 337M234 140V150Q236 172 252 190Q282 224 284 250V310Q280 330 272 337',
        '#7f9da4',
        2.4,
        0.7,
      ),
      line('M158 56l6 84a36 7 0 0 0 72 0l6 -84M128 337a72 14 0 0 0 144 0', '#7f9da4', 2.4, 0.7),
      line('M158 56a42 8 0 1 0 84 0a42 8 0 1 0 -84 0', '#a9c0c6', 2, 0.8),
    ].join(''),
  'egg cup': (tone = porcelain) =>
    [
      shadow(200, 336, 74),
      turned(200, points('262 22, 290 20, 318 62, 332 70'), tone, round),
      path('M136 190Q136 80 200 80Q264 80 264 190z', '#d8a273', ball, speckle),
      path('M126 186a74 17 0 0 0 148 0q0 84 -60 92h-28q-60 -8 -60 -92z', tone, round, fall),
      line('M126 188a74 17 0 0 0 148 0', '#5f7fa6', 5),
      line('M146 218q8 34 30 46', '#ffffff', 7, 0.7),
    ].join(''),
  'salt cellar': (tone = '#a9683a') =>
    [
      shadow(196, 334, 100),
      turned(190, points('218 100, 222 102, 300 104, 322 94'), tone, grain, round),
      opening(190, 218, 100, lighter(tone, 0.25), darker(tone, 0.35)),
      oval(190, 222, 86, 13, '#fbfaf6'),
      repeated(points('150 220, 176 226, 204 219, 228 224, 190 217, 164 216'), ([x, y]) => oval(x, y, 3, 2, '#d5d4cf')),
      oval(262, 202, 102, 21, darker(tone, 0.45)),
      oval(262, 192, 102, 21, lighter(tone, 0.1), grain, slant),
      turned(276, points('150 14, 158 20, 172 12, 190 14'), darker(tone, 0.1), round),
      oval(182, 198, 5, 4, brass, ball),
      gleam(102, 250, 46, 8, 0.25),
    ].join(''),
};
