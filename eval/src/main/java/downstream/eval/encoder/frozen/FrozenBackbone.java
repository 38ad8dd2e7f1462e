package downstream.eval.encoder.frozen;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.Device;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.KeyCase;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.train.optimiser.Weight;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * A backbone that is not trained: ONNX Runtime computes each view's features once, then they come
 * from disk.
 */
public final class FrozenBackbone implements Backbone {
  /** A batch has about this many pixels, so that activations of large images fit, too. */
  private static final int BATCH_PIXELS = 16 * 224 * 224;

  private static final int LARGEST_BATCH = 32;

  private final EncoderFile file;
  private final List<FeatureLevel> levels;
  private final OnnxEncoder encoder;
  private final Path folder;
  private final int threads;
  private final List<FrozenFeatures> opened = new ArrayList<>();

  public FrozenBackbone(
      EncoderFile file, List<FeatureLevel> levels, Path folder, int threads, Device device) {
    this.file = file;
    this.levels = List.copyOf(levels);
    this.folder = folder;
    this.threads = threads;
    encoder = new OnnxEncoder(file, levels.stream().map(FeatureLevel::value).toList(), 1, device);
  }

  @Override
  public EncoderSpec spec() {
    return file.spec();
  }

  @Override
  public List<Weight> weights(double rateScale) {
    return List.of();
  }

  @Override
  public Map<String, NDArray> state() {
    return Map.of();
  }

  @Override
  public IntFunction<float[]> inputs(ImageInputs views) {
    Map<String, Object> description = description(views);
    Path home = folder.resolve(file.digest().substring(0, 12));
    String name = new Digest().add(Json.canonical(description)).hex().substring(0, 32);
    FeatureCache cache = new FeatureCache(home.resolve(name + ".features"), views.size(), length());
    FrozenFeatures features = new FrozenFeatures(encoder, spec(), levels, views, cache, batch());
    opened.add(features);
    AtomicFile.write(home.resolve(name + ".json"), Json.pretty(description));
    features.prepare(threads);
    return features::load;
  }

  /** All that the values depend on: their key, and what is written beside them. */
  private Map<String, Object> description(ImageInputs views) {
    Map<String, Object> description = new TreeMap<>();
    description.put("encoder", file.name());
    description.put("digest", file.digest());
    description.put("image_size", spec().imageSize());
    description.put("levels", KeyCase.snake(Json.MAPPER.<JsonNode>valueToTree(levels)));
    description.put("views", views.fingerprint());
    description.put("images", views.size());
    description.put("batch", batch());
    description.put("runtime", encoder.runtime());
    return description;
  }

  int batch() {
    int pixels = spec().imageSize() * spec().imageSize();
    int largest = Math.max(1, Math.min(LARGEST_BATCH, BATCH_PIXELS / pixels));
    return encoder.fixedBatch().orElse(largest);
  }

  private int length() {
    return levels.stream().mapToInt(level -> level.length(spec().imageSize())).sum();
  }

  @Override
  public NDList arrays(NDManager manager, List<float[]> inputs) {
    NDList arrays = new NDList();
    int from = 0;
    for (FeatureLevel level : levels) {
      int length = level.length(spec().imageSize());
      float[] all = new float[inputs.size() * length];
      for (int i = 0; i < inputs.size(); i++) {
        System.arraycopy(inputs.get(i), from, all, i * length, length);
      }
      arrays.add(manager.create(all, level.shape(inputs.size(), spec().imageSize())));
      from += length;
    }
    return arrays;
  }

  @Override
  public List<NDArray> features(ParameterStore store, NDList arrays, boolean training) {
    List<NDArray> maps = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      maps.add(levels.get(i).toMap(arrays.get(i), spec().imageSize()));
    }
    return maps;
  }

  @Override
  public void close() {
    opened.forEach(FrozenFeatures::close);
    encoder.close();
  }
}
