package downstream.eval.encoder;

import downstream.eval.BadInput;
import downstream.eval.Progress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The features of some views: computed once, in batches, and kept in a {@link FeatureCache}.
 *
 * <p>The views are divided into batches by their number, once and for all, and a batch is always
 * computed whole. So what a row holds does not depend on which rows were there already, on threads,
 * or on what is asked for first.
 */
final class FrozenFeatures implements AutoCloseable {
  private static final int BATCHES_AHEAD = 2;

  private final OnnxEncoder encoder;
  private final EncoderSpec spec;
  private final List<FeatureLevel> levels;
  private final Views views;
  private final FeatureCache cache;
  private final int batch;

  FrozenFeatures(
      OnnxEncoder encoder,
      EncoderSpec spec,
      List<FeatureLevel> levels,
      Views views,
      FeatureCache cache,
      int batch) {
    this.encoder = encoder;
    this.spec = spec;
    this.levels = levels;
    this.views = views;
    this.cache = cache;
    this.batch = batch;
  }

  /**
   * Computes what is missing: {@code threads} decode and normalise the next pictures, and store the
   * last rows, while ONNX Runtime runs a batch. Memory holds a few batches, whatever the number of
   * views.
   *
   * @throws BadInput before it starts if the disk has no room for the features
   */
  void prepare(int threads) {
    List<Integer> starts = new ArrayList<>();
    int missing = 0;
    for (int start = 0; start < views.size(); start += batch) {
      int here = missing(start);
      missing += here;
      if (here > 0) {
        starts.add(start);
      }
    }
    if (missing == 0) {
      return;
    }
    cache.requireRoom(missing);
    ExecutorService loaders = Executors.newFixedThreadPool(threads, FrozenFeatures::daemon);
    try (Progress progress = new Progress("features", "image", 0, views.size(), 1)) {
      stream(starts.iterator(), loaders, progress);
    } finally {
      loaders.shutdownNow();
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "feature-loader");
    thread.setDaemon(true);
    return thread;
  }

  private void stream(Iterator<Integer> starts, ExecutorService loaders, Progress progress) {
    Deque<Loading> ahead = new ArrayDeque<>();
    for (int i = 0; i <= BATCHES_AHEAD && starts.hasNext(); i++) {
      ahead.add(load(starts.next(), newBatch(), loaders));
    }
    Future<?> storing = CompletableFuture.completedFuture(null);
    while (!ahead.isEmpty()) {
      Loading next = ahead.remove();
      next.views.forEach(FrozenFeatures::await);
      // Another process may have written them in the meantime.
      boolean needed = missing(next.start) > 0;
      Map<String, OnnxEncoder.Value> values = needed ? run(next.start, next.pixels) : Map.of();
      await(storing);
      storing = loaders.submit(() -> needed ? store(next.start, values) : null);
      if (starts.hasNext()) {
        ahead.add(load(starts.next(), next.pixels, loaders));
      }
      progress.at(next.start + count(next.start), "");
    }
    await(storing);
  }

  /** A batch on its way into memory. */
  private record Loading(int start, FloatBuffer pixels, List<Future<?>> views) {}

  private static void await(Future<?> task) {
    try {
      task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while features were computed", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BadInput bad) {
        throw bad;
      }
      throw new IllegalStateException("features could not be computed", e.getCause());
    }
  }

  private Loading load(int start, FloatBuffer pixels, ExecutorService loaders) {
    List<Future<?>> loading = new ArrayList<>();
    for (int i = 0; i < count(start); i++) {
      int row = i;
      loading.add(loaders.submit(() -> put(pixels, row, views.pixels(start + row))));
    }
    return new Loading(start, pixels, loading);
  }

  private static void put(FloatBuffer pixels, int row, float[] image) {
    pixels.put(row * image.length, image);
  }

  /** One view's features: the values of all levels, one after the other. */
  float[] load(int index) {
    return cache.read(index).orElseGet(() -> recomputed(index));
  }

  /** For a row that is damaged, or was lost from the disk since. */
  private synchronized float[] recomputed(int index) {
    int start = index / batch * batch;
    FloatBuffer pixels = newBatch();
    for (int i = 0; i < count(start); i++) {
      put(pixels, i, views.pixels(start + i));
    }
    return store(start, run(start, pixels))[index - start];
  }

  private FloatBuffer newBatch() {
    int values = Math.multiplyExact(batch, 3 * spec.imageSize() * spec.imageSize());
    return ByteBuffer.allocateDirect(Math.multiplyExact(4, values))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private Map<String, OnnxEncoder.Value> run(int start, FloatBuffer pixels) {
    int images = encoder.fixedBatch().isPresent() ? batch : count(start);
    FloatBuffer input = pixels.slice(0, pixels.capacity() / batch * images);
    long[] shape = {images, 3, spec.imageSize(), spec.imageSize()};
    return encoder.run(input, shape, levels.stream().map(FeatureLevel::value).toList());
  }

  /** Stores those rows of a batch that are not there whole; returns all of them. */
  private float[][] store(int start, Map<String, OnnxEncoder.Value> values) {
    float[][] rows = rows(values, encoder.fixedBatch().isPresent() ? batch : count(start));
    for (int i = 0; i < count(start); i++) {
      if (cache.read(start + i).isEmpty()) {
        cache.write(start + i, rows[i]);
      }
    }
    return rows;
  }

  private float[][] rows(Map<String, OnnxEncoder.Value> values, int count) {
    float[][] rows = new float[count][levels.stream().mapToInt(this::length).sum()];
    int at = 0;
    for (FeatureLevel level : levels) {
      OnnxEncoder.Value value = Objects.requireNonNull(values.get(level.value()));
      int length = length(level);
      if (value.data().length != count * length) {
        throw misdeclared(level, value);
      }
      for (int i = 0; i < count; i++) {
        System.arraycopy(value.data(), i * length, rows[i], at, length);
      }
      at += length;
    }
    return rows;
  }

  private int length(FeatureLevel level) {
    return level.length(spec.imageSize());
  }

  private BadInput misdeclared(FeatureLevel level, OnnxEncoder.Value value) {
    return new BadInput(
        "level '" + level.value() + "'",
        "is declared with "
            + length(level)
            + " values an image, but has the shape "
            + Arrays.toString(value.shape()),
        "Correct stride and channels in the encoder's spec");
  }

  private int missing(int start) {
    int missing = 0;
    for (int row = start; row < start + count(start); row++) {
      missing += cache.has(row) ? 0 : 1;
    }
    return missing;
  }

  private int count(int start) {
    return Math.min(batch, views.size() - start);
  }

  @Override
  public void close() {
    cache.close();
  }
}
