/** Reservations, movements, stock and the copies of products, each rule broken once by records that nothing but a fault could bring about. */
import { awaiting, type Broken, cancelled, eachIsFound, nothing, shipped, soldOut } from './_states.ts';
import { aCatalogueEntry, aProduct, aReservation, aStock, orderId, productId } from './_support.ts';

const broken: readonly Broken[] = [
  [
    'an order awaits money, and its stock is free again',
    ['awaited_without_stock'],
    { ...awaiting, reservations: [aReservation({ status: 'released' })] },
  ],
  [
    'movements belong to no order',
    ['movements_differ'],
    { ...nothing, orders: [], reservations: [aReservation({ status: null, movements: aReservation().movements })] },
  ],
  ['an order is confirmed without a reservation', ['sold_without_stock'], { reservations: [] }],
  ['an order is confirmed and its stock was released', ['sold_without_stock'], { reservations: [aReservation({ status: 'released' })] }],
  ['an order is shipped and its stock never left', ['sold_without_stock'], { ...shipped, reservations: [aReservation()] }],
  [
    'a shipped order was reserved and released',
    ['movements_differ'],
    { ...shipped, reservations: [aReservation({ status: 'shipped', movements: aReservation({ status: 'released' }).movements })] },
  ],
  ['an order is held and nothing was reserved', ['movements_differ'], { reservations: [aReservation({ movements: [] })] }],
  [
    'an order was reserved twice',
    ['movements_differ'],
    { reservations: [aReservation({ movements: aReservation().movements.map((one) => ({ ...one, reserved_change: 4, movements: 2 })) })] },
  ],
  [
    'a movement moves what its kind does not',
    ['movements_differ'],
    { reservations: [aReservation({ movements: aReservation().movements.map((one) => ({ ...one, on_hand_change: -2 })) })] },
  ],
  [
    'an adjustment is booked on an order',
    ['movements_differ'],
    { reservations: [aReservation({ movements: aReservation().movements.map((one) => ({ ...one, kind: 'adjusted' as const })) })] },
  ],
  [
    'a second movement of one kind stands on a line of its own',
    ['movements_differ'],
    { reservations: [aReservation({ movements: aReservation().movements.flatMap((one) => [one, one]) })] },
  ],
  [
    'other things are reserved than were ordered',
    ['reserved_differs_from_items'],
    { reservations: [aReservation({ items: [{ product_id: orderId(9), quantity: 2 }] })] },
  ],
  [
    'fewer pieces are reserved than were ordered',
    ['reserved_differs_from_items'],
    { reservations: [aReservation({ items: [{ product_id: productId(1), quantity: 1 }] })] },
  ],
  ['a cancelled order still holds stock', ['cancelled_holds_stock'], { ...cancelled, reservations: [aReservation()] }],
  [
    'goods of a cancelled order left the house',
    ['cancelled_holds_stock'],
    { ...cancelled, reservations: [aReservation({ status: 'shipped' })] },
  ],
  ['what was out of stock was reserved', ['rejection_differs'], { ...soldOut, reservations: [aReservation({ status: 'released' })] }],
  ['what was paid had been out of stock', ['rejection_differs'], { ...cancelled, reservations: [aReservation({ status: 'rejected' })] }],
  [
    'stock on hand is not the sum of its movements',
    ['on_hand_differs'],
    { stock: [aStock({ on_hand: 51, movements_on_hand: 50 })], products: [aProduct({ stock_quantity: 49 })] },
  ],
  ['reserved stock is not the sum of its movements', ['reserved_differs'], { stock: [aStock({ movements_reserved: 3 })] }],
  ['a movement that ought to be of an order is of none', ['movements_misplaced'], { stock: [aStock({ movements_misplaced: 1 })] }],
  ['the opening stock was received twice', ['opened_twice'], { stock: [aStock({ openings: 2 })] }],
  ['more is promised than is there', ['oversold'], { stock: [aStock({ on_hand: 1 })], products: [aProduct({ stock_quantity: -1 })] }],
  ['less than nothing is promised', ['oversold'], { stock: [aStock({ reserved: -1 })], products: [aProduct({ stock_quantity: 51 })] }],
  [
    'a product has no record of stock',
    ['stock_missing'],
    {
      products: [aProduct(), aProduct({ product_id: productId(2) })],
      catalogue: [aCatalogueEntry(), aCatalogueEntry({ product_id: productId(2) })],
    },
  ],
  ['stock is of a product that nobody knows', ['product_missing'], { products: [], catalogue: [] }],
  ['another stock is shown than there is', ['shown_stock_differs'], { products: [aProduct({ stock_quantity: 47 })] }],
  ['no stock is shown', ['shown_stock_differs'], { products: [aProduct({ stock_quantity: null, stock_version: null })] }],
  ['stock is shown of a version that is not there yet', ['shown_stock_differs'], { products: [aProduct({ stock_version: 4 })] }],
  ['orders prices from another price', ['catalogue_differs'], { catalogue: [aCatalogueEntry({ price: 1 })] }],
  ['orders sells what is archived', ['catalogue_differs'], { products: [aProduct({ status: 'archived' })] }],
  ['orders does not know a product', ['catalogue_differs'], { catalogue: [] }],
  [
    'orders knows a version of a product that is not there yet',
    ['catalogue_differs'],
    { catalogue: [aCatalogueEntry({ product_version: 2 })] },
  ],
];

eachIsFound(broken);
