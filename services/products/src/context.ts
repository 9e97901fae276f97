import { createLimiter, type Limiter } from '@souk/kernel';
import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import { createMediaFolder } from './clients/media-folder.ts';
import { createPictureConverter } from './clients/picture-converter.ts';
import type { ProductsConfig } from './config.ts';
import type { MediaStorage, PictureConverter } from './domain/media.ts';
import type { SamplePicture } from './domain/sample-picture.ts';
import { listTag } from './store/products.ts';
import { readSamplePictures } from './store/sample-files.ts';

/** Of 10 MiB each. */
const uploadsMax = 8;
const scansWaitingMax = 4;

export interface ProductsContext extends ServiceContext<ProductsConfig> {
  readonly stockNews: StockNews;
  readonly media_storage: MediaStorage;
  readonly pictures: PictureConverter;
  /** Uploads of pictures, each of which is held in memory whole. */
  readonly uploads: Limiter;
  /** Statements that read the whole catalogue. */
  readonly scans: Limiter;
  /** Read when the first picture is asked for. */
  samplePictures(): Promise<ReadonlyMap<string, SamplePicture>>;
}

/** Gathers changes of stock, so that a busy shop does not throw away its cached lists with every sale. */
export interface StockNews {
  /** Cached lists forget what they hold within `list_stock_delay_ms`. */
  changed(): void;
  stop(): void;
}

export function openProductsContext(config: ProductsConfig, overrides: Overrides): ProductsContext {
  const context = openContext('products', config, overrides);
  let timer: NodeJS.Timeout | undefined;
  const stockNews: StockNews = {
    changed() {
      timer ??= setTimeout(() => {
        timer = undefined;
        void context.cache.invalidate({ tags: [listTag] });
      }, config.list_stock_delay_ms).unref();
    },
    stop: () => clearTimeout(timer),
  };
  let samples: Promise<ReadonlyMap<string, SamplePicture>> | undefined;
  const samplePictures = (): Promise<ReadonlyMap<string, SamplePicture>> => {
    samples ??= readSamplePictures();
    return samples;
  };
  return {
    ...context,
    stockNews,
    media_storage: createMediaFolder(config.media_folder),
    pictures: createPictureConverter(),
    uploads: createLimiter({ running_max: uploadsMax }),
    scans: createLimiter({ running_max: 1, waiting_max: scansWaitingMax }),
    samplePictures,
  };
}
