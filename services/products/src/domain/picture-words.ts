/** Finds the drawing that fits the words of a name, for products that have no picture. */
import { colours } from './picture-colours.ts';

/** Words by the motif that they name. Two words with a hyphen are read together and go before one. */
const wordsOf: Readonly<Record<string, string>> = {
  'grooved board': 'carving-board butcher-block',
  'chopping board': 'board chopping-board cutting-board bread-board schneidebrett',
  "chef's knife": 'knife knives messer santoku cleaver couteau kochmesser',
  'paring knife': 'paring-knife peeling-knife pocket-knife',
  'bread knife': 'bread-knife brotmesser',
  casserole: 'casserole pot cocotte topf brater stockpot dutch-oven stew-pot',
  'milk pan': 'pan saucepan skillet wok milk-pan pfanne poele frying-pan',
  'wooden spoon': 'spoon ladle spatula loffel cuillere kochloffel',
  'storage jar': 'jar canister storage-jar honey jam marmalade oats rice granola muesli einmachglas bocal vorratsglas',
  'tea towel': 'tea-towel dishcloth dish-towel kitchen-towel apron geschirrtuch torchon',
  'mortar and pestle': 'mortar pestle morser',
  bowl: 'bowl dish schale schussel bol saladier',
  plate: 'plate teller assiette',
  'breakfast plate': 'breakfast-plate side-plate dessert-plate toast',
  platter: 'platter tray serving-plate tablett plateau',
  carafe: 'carafe jug pitcher decanter karaffe krug carafon vase',
  'egg cup': 'egg egg-cup eierbecher coquetier',
  'salt cellar': 'salt salt-cellar sugar-bowl salzfass',
  mug: 'mug cup becher tasse',
  'espresso cup': 'espresso-cup teacup saucer cappuccino espresso',
  dripper: 'dripper pour-over coffee-filter handfilter',
  'coffee grinder': 'grinder mill coffee-grinder pepper-mill kaffeemuhle moulin',
  'french press': 'french-press cafetiere coffee-press stempelkanne',
  teapot: 'teapot kettle tea-pot teekanne theiere',
  'tea caddy': 'caddy tin tea tea-caddy coffee dose tee the',
  'espresso maker': 'espresso-maker moka moka-pot coffee-maker percolator espressokocher',
  't-shirt': 't-shirt tshirt tee tee-shirt top vest singlet',
  'linen shirt': 'shirt blouse hemd chemise bluse',
  'flannel shirt': 'flannel flannel-shirt overshirt lumberjack-shirt',
  jumper: 'jumper sweater pullover cardigan sweatshirt knitwear pulli',
  "fisherman's jumper": 'aran turtleneck rollneck cable-jumper fisherman-jumper',
  'rain jacket': 'jacket coat raincoat anorak parka hoodie windbreaker jacke mantel veste manteau',
  scarf: 'scarf shawl stole schal echarpe',
  beanie: 'beanie cap bonnet mutze knitted-hat bobble-hat',
  'sun hat': 'hat sun-hat straw-hat fedora hut chapeau',
  'walking socks': 'sock stocking socke socken chaussette chaussettes tights',
  'house socks': 'slipper house-socks slipper-socks',
  tote: 'bag tote shopper tasche sac carrier-bag handbag',
  backpack: 'backpack rucksack daypack schoolbag sac-a-dos',
  satchel: 'satchel briefcase messenger-bag laptop-bag shoulder-bag aktentasche',
  'weekend bag': 'holdall duffel weekender weekend-bag travel-bag suitcase reisetasche',
  'belt pouch': 'pouch belt-bag bum-bag fanny-pack belt-pouch',
  'card wallet': 'wallet purse cardholder card-holder geldborse portemonnaie',
  'wash bag': 'wash-bag toilet-bag make-up-bag toiletry-bag pencil-case kulturbeutel',
  tent: 'tent zelt tente tarp',
  flask: 'flask thermos water-bottle drinking-bottle thermosflasche tumbler',
  'camping mug': 'camping-mug enamel-mug tin-mug',
  'picnic blanket': 'picnic-blanket rug picknickdecke travel-rug',
  torch: 'torch flashlight headlamp head-torch taschenlampe',
  'folding stool': 'stool hocker tabouret camping-chair folding-chair footstool',
  spork: 'spork fork cutlery gabel besteck fourchette couverts',
  hammock: 'hammock hangematte hamac',
  cushion: 'cushion pillow kissen coussin pillowcase',
  throw: 'throw blanket plaid quilt bedspread decke couverture duvet',
  candle: 'candle kerze bougie taper tealight',
  'scented candle': 'scented-candle duftkerze room-scent diffuser',
  'wall clock': 'clock watch uhr horloge wall-clock montre',
  'picture frame': 'frame picture-frame poster print painting bilderrahmen cadre photo picture',
  basket: 'basket hamper korb panier',
  'door mat': 'mat doormat door-mat fussmatte turmatte paillasson carpet teppich',
  'coat hooks': 'hook rail coat-rack hanger haken garderobe patere peg',
  'desk lamp': 'desk-lamp work-lamp schreibtischlampe anglepoise spotlight',
  lantern: 'lantern laterne lampion paper-lantern pendant pendant-light lampshade',
  'bedside lamp': 'lamp bedside-lamp table-lamp floor-lamp lampe stehlampe nachttischlampe',
  'table light': 'light leuchte rechargeable-light night-light',
  'string of lights': 'lights fairy-lights string-lights lichterkette guirlande light-chain',
  'reading light': 'reading-light book-light clip-light',
  'dotted notebook': 'notebook journal diary planner sketchbook notizbuch carnet',
  'pocket notebook': 'notepad exercise-book jotter pocket-notebook heft cahier',
  'fountain pen': 'pen ballpoint fountain-pen fuller stylo kugelschreiber',
  'pencil set': 'pencil crayon bleistift bleistifte buntstifte pencil-set',
  'ink bottle': 'ink tinte encre',
  'writing paper': 'envelope letter stationery writing-paper postcard card briefpapier papier paper',
  'desk calendar': 'calendar kalender calendrier',
  ruler: 'ruler lineal regle folding-rule',
  'bath towel': 'towel bathrobe flannel-towel handtuch badetuch serviette bath-towel face-cloth',
  'olive soap': 'soap seife savon shampoo-bar',
  'lavender soap': 'lavender-soap lavender lavendel lavendelseife',
  'nail brush': 'brush nail-brush burste brosse broom',
  'hand cream': 'lotion balm ointment toothpaste hand-cream face-cream handcreme creme moisturiser sunscreen',
  'bath salts': 'bath-salts bath-salt badesalz scrub',
  trowel: 'trowel spade shovel garden-fork schaufel truelle',
  'watering can': 'watering-can can giesskanne arrosoir',
  'plant pot': 'plant planter flowerpot plant-pot terracotta-pot flower-pot pflanze plante cactus herb blumentopf fern',
  'wildflower seeds': 'seed seeds flower flowers bulb wildflower saatgut samen graines',
  'herb seeds': 'herb-seeds basil parsley thyme mint',
  twine: 'twine yarn rope thread string garn cord ficelle wool',
  'pruning shears': 'shears secateurs scissors pruner schere ciseaux secateur gartenschere',
  'bird feeder': 'feeder birdhouse nesting-box nest-box bird-house bird-feeder vogelhaus',
  train: 'train locomotive railway eisenbahn lok',
  blocks: 'block blocks brick bricks bauklotze cubes building-blocks',
  bear: 'bear teddy plush teddybar doudou cuddly-toy soft-toy doll',
  rabbit: 'rabbit bunny hare hase lapin',
  morris: 'morris chess draughts board-game backgammon muhle brettspiel game spiel jeu',
  'memory cards': 'playing-cards memory-cards memory card-game karten',
  jigsaw: 'jigsaw puzzle',
  kite: 'kite drachen cerf-volant',
  'spinning top': 'spinning-top yo-yo kreisel toupie',
  bottle: 'bottle wine oil vinegar syrup beer juice gin whisky flasche bouteille perfume shampoo',
  book: 'book novel cookbook buch livre roman album',
  shoe: 'shoe shoes boot boots trainer trainers sneaker sneakers sandal schuh schuhe chaussure',
  trousers: 'trousers jeans pants chinos leggings shorts hose pantalon',
  dress: 'dress skirt gown kleid robe rock jupe',
  chair: 'chair armchair stuhl chaise sessel bench seat',
  table: 'table desk tisch sideboard bureau',
  telephone: 'phone telephone smartphone tablet handy phone-case',
  headphones: 'headphones headphone earphones headset kopfhorer casque earbuds',
  glasses: 'glasses sunglasses spectacles brille lunettes',
};

const motifOf: ReadonlyMap<string, string> = new Map(
  Object.entries(wordsOf).flatMap(([motif, words]) => words.split(' ').map((word) => [word, motif] as const)),
);

/** What comes after these says what a thing is with or for, not what it is. */
const turns: ReadonlySet<string> = new Set(['with', 'without', 'for', 'from', 'in', 'mit', 'ohne', 'fur', 'aus', 'avec', 'sans', 'pour']);
/** "Olive" before these is no colour, nor is the cream of the hands. */
const notColours = /(?:^|-)(?:olive-(?:oil|wood)|hand-cream|face-cream|sea-salt)(?=-|$)/g;

/** Motif and colour for a name in small letters with hyphens, such as `blue-folding-stool-with-bag`. */
export function likenessOf(name: string): { motif: string; colour: string | undefined } {
  // In a handle, the apostrophe of "fisherman's" has become a hyphen.
  const words = name.split('-').filter((word) => word !== '' && word !== 's');
  const turn = words.findIndex((word, at) => at > 0 && turns.has(word));
  const motif = motifIn(turn === -1 ? words : words.slice(0, turn)) ?? motifIn(words) ?? 'carton';
  const colour = name
    .replace(notColours, '')
    .split('-')
    .find((word) => Object.hasOwn(colours, word));
  return { motif, colour: colour === undefined ? undefined : colours[colour] };
}

/** The last word says what a thing is: a coffee grinder is no coffee. */
function motifIn(words: readonly string[]): string | undefined {
  for (let at = words.length - 1; at >= 0; at -= 1) {
    const [before, word] = [words[at - 1], words[at] ?? ''];
    for (const form of [word, singularOf(word)]) {
      const motif = (before === undefined ? undefined : motifOf.get(`${before}-${form}`)) ?? motifOf.get(form);
      if (motif !== undefined) return motif;
    }
  }
  return undefined;
}

function singularOf(word: string): string {
  if (/(?:ch|sh|x|ss)es$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}
