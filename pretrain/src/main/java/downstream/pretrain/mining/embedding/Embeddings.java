package downstream.pretrain.mining.embedding;

import downstream.eval.Digest;
import downstream.eval.Workers;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.encoder.frozen.FeatureCache;
import downstream.pretrain.mining.regions.EncoderInputCrop;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.mining.regions.SelectiveSearch;
import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.MiningSettings.RegionEmbedding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The embeddings of images and of their regions, computed in batches that depend on nothing but the
 * set, and stored row by row: what is stored is not computed again.
 */
public final class Embeddings {
  private final RegionEmbedder embedder;
  private final ImageSet images;
  private final MiningSettings settings;
  private final Path folder;
  private final int threads;

  public Embeddings(
      RegionEmbedder embedder, ImageSet images, MiningSettings settings, Path folder, int threads) {
    this.embedder = embedder;
    this.images = images;
    this.settings = settings;
    this.folder = folder;
    this.threads = threads;
  }

  /** One row per image. */
  public FeatureCache ofImages() {
    Digest key = key().add("images, version 1").add(settings.imageEmbedding().name());
    FeatureCache cache = open("images", key, images.images().size());
    Workers.run(
        "image embeddings", threads, batches(), embedder.batch(), n -> embedImages(n, cache));
    return cache;
  }

  /** One row per region, in the order of {@link ImageRegions}. */
  public FeatureCache ofRegions(ImageRegions regions) {
    FeatureCache cache = open("regions", regionsKey(), regions.total());
    if (settings.regionEmbedding() == RegionEmbedding.CROP) {
      int count = images.images().size();
      Workers.run("region embeddings", threads, count, 1, i -> embedCrops(i, regions, cache));
    } else {
      Workers.run(
          "region embeddings",
          threads,
          batches(),
          embedder.batch(),
          n -> embedAligned(n, regions, cache));
    }
    return cache;
  }

  /** The same rows, whitened. */
  public FeatureCache whitened(ImageRegions regions, FeatureCache rows) {
    Digest key = regionsKey().add("whitened, version 1, " + settings.whiteningShrinkage());
    FeatureCache cache = open("whitened", key, regions.total());
    int all = regions.total();
    if (!isDone(cache, 0, all)) {
      Whitening whitening =
          Whitening.fit(
              all, embedder.width(), row -> stored(rows, row), settings.whiteningShrinkage());
      Workers.run(
          "whitening",
          threads,
          regions.images(),
          1,
          image -> {
            for (int i = 0; i < regions.count(image); i++) {
              int row = regions.offset(image) + i;
              cache.write(row, embedder.checked(whitening.apply(stored(rows, row))));
            }
          });
    }
    return cache;
  }

  private static float[] stored(FeatureCache rows, int row) {
    return rows.read(row)
        .orElseThrow(() -> new IllegalStateException("region " + row + " lost its embedding"));
  }

  private Digest regionsKey() {
    Digest key = key().add("regions, version 1").add(settings.regionEmbedding().name());
    key.add(SelectiveSearch.version(settings.proposalMode(), settings.searchSidePixels()));
    key.add(settings.regions() + " " + settings.minRegionSideFraction());
    key.add("" + settings.maxRegionAreaFraction());
    return key.add(settings.maxAspectRatio() + " " + settings.maxIou());
  }

  private Digest key() {
    return new Digest().add(embedder.digest()).add(images.fingerprint());
  }

  private FeatureCache open(String name, Digest key, int rows) {
    Path file = folder.resolve(name + "-" + key.hex().substring(0, 16) + ".features");
    FeatureCache cache = new FeatureCache(file, rows, embedder.width());
    try {
      cache.requireDiskSpace(rows - present(cache, 0, rows));
      return cache;
    } catch (RuntimeException e) {
      cache.close();
      throw e;
    }
  }

  private static int present(FeatureCache cache, int from, int to) {
    int present = 0;
    for (int row = from; row < to; row++) {
      present += cache.has(row) ? 1 : 0;
    }
    return present;
  }

  private static boolean isDone(FeatureCache cache, int from, int to) {
    return present(cache, from, to) == to - from;
  }

  private int batches() {
    int batch = embedder.batch();
    return (images.images().size() + batch - 1) / batch;
  }

  private int end(int batch) {
    return Math.min(images.images().size(), (batch + 1) * embedder.batch());
  }

  private void embedImages(int batch, FeatureCache cache) {
    int from = batch * embedder.batch();
    if (isDone(cache, from, end(batch))) {
      return;
    }
    List<Image> framed = new ArrayList<>();
    for (int i = from; i < end(batch); i++) {
      framed.add(EncoderInputCrop.centre(read(i), embedder.size()));
    }
    write(cache, from, embedder.images(framed));
  }

  private void embedCrops(int image, ImageRegions regions, FeatureCache cache) {
    int first = regions.offset(image);
    if (isDone(cache, first, first + regions.count(image))) {
      return;
    }
    Image source = read(image);
    for (int start = 0; start < regions.count(image); start += embedder.batch()) {
      List<Image> crops = new ArrayList<>();
      for (int i = start; i < Math.min(regions.count(image), start + embedder.batch()); i++) {
        crops.add(EncoderInputCrop.region(source, regions.get(image, i), embedder.size()));
      }
      write(cache, first + start, embedder.means(crops));
    }
  }

  private void embedAligned(int batch, ImageRegions regions, FeatureCache cache) {
    int from = batch * embedder.batch();
    if (isDone(cache, regions.offset(from), regions.offset(end(batch)))) {
      return;
    }
    List<Image> framed = new ArrayList<>();
    for (int i = from; i < end(batch); i++) {
      framed.add(EncoderInputCrop.whole(read(i), embedder.size()));
    }
    List<FeatureMap> maps = embedder.maps(framed);
    for (int i = from; i < end(batch); i++) {
      ImageRecord image = images.images().get(i);
      FeatureMap map = maps.get(i - from);
      for (int region = 0; region < regions.count(i); region++) {
        float[] row = map.align(regions.get(i, region), image.width(), image.height());
        cache.write(regions.offset(i) + region, embedder.checked(row));
      }
    }
  }

  private Image read(int image) {
    return Image.read(images.images().get(image).file());
  }

  private static void write(FeatureCache cache, int first, float[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      cache.write(first + i, rows[i]);
    }
  }
}
