import { type Overrides, openContext, type ServiceContext } from '@souk/service-kit';
import type { ProductsConfig } from './config.ts';
import type { SamplePicture } from './domain/sample-picture.ts';
import { listTag } from './store/products.ts';
import { readSamplePictures } from './store/sample-files.ts';

export interface ProductsContext extends ServiceContext<ProductsConfig> {
  readonly stockNews: StockNews;
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
  let pictures: Promise<ReadonlyMap<string, SamplePicture>> | undefined;
  const samplePictures = (): Promise<ReadonlyMap<string, SamplePicture>> => {
    pictures ??= readSamplePictures();
    return pictures;
  };
  return { ...context, stockNews, samplePictures };
}
