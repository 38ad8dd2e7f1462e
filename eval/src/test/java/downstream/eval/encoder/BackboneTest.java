package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.BadInput;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.finetune.Backbones;
import downstream.eval.finetune.EncoderMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackboneTest {
  private static final EncoderFile FILE = EncoderFileTest.small(3);

  @TempDir Path folder;

  /** Seeded noise that counts how often it is read. */
  private record Noise(int size, String fingerprint, AtomicInteger reads) implements ImageInputs {
    static Noise of(int size) {
      return new Noise(size, "noise", new AtomicInteger());
    }

    @Override
    public float[] pixels(int index) {
      reads.incrementAndGet();
      SplittableRandom random = new SplittableRandom(index);
      float[] values = new float[3 * 32 * 32];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }
  }

  @Test
  void frozen_and_trained_give_the_same_maps_before_training() {
    Noise views = Noise.of(2);
    try (NDManager manager = NDManager.newBaseManager();
        Backbone trained = open(FILE, EncoderMode.FINETUNE, manager);
        Backbone frozen = open(FILE, EncoderMode.FROZEN, manager)) {
      NDArray a = maps(trained, views, manager);
      NDArray b = maps(frozen, views, manager);

      assertThat(a.getShape()).isEqualTo(new Shape(2, 24, 4, 4)).isEqualTo(b.getShape());
      assertThat(RelativeError.of(a.toFloatArray(), b.toFloatArray())).isLessThan(1e-4);
      assertThat(trained.weights(1)).isNotEmpty();
      assertThat(frozen.weights(1)).isEmpty();
    }
  }

  private NDArray maps(Backbone backbone, ImageInputs views, NDManager manager) {
    IntFunction<float[]> inputs = backbone.inputs(views);
    List<float[]> batch = IntStream.range(0, views.size()).mapToObj(inputs).toList();
    return backbone
        .features(new ParameterStore(manager, false), backbone.arrays(manager, batch), false)
        .get(0);
  }

  @Test
  void rows_of_batches_are_those_of_single_images() {
    // More than one batch of 32, and an incomplete one.
    Noise views = Noise.of(40);
    List<String> level = List.of(FILE.spec().levels().get(0).value());
    List<float[]> rows = rows(FILE, views);
    try (OnnxEncoder encoder = new OnnxEncoder(FILE, level, 1)) {
      for (int i = 0; i < views.size(); i++) {
        float[] alone =
            encoder
                .run(views.pixels(i), new long[] {1, 3, 32, 32}, level)
                .values()
                .iterator()
                .next()
                .data();
        assertThat(RelativeError.of(rows.get(i), alone)).isLessThan(1e-5);
      }
    }
  }

  @Test
  void a_graph_of_fixed_batch_runs_at_that_batch() {
    var model = FILE.model().toBuilder();
    var input = model.getGraphBuilder().getInputBuilder(0).getTypeBuilder();
    input.getTensorTypeBuilder().getShapeBuilder().getDimBuilder(0).setDimValue(4);
    EncoderFile fixed = EncoderFile.of("fixed", model.build(), FILE.spec(), FILE.provenance());
    List<float[]> rows = rows(fixed, Noise.of(6));
    List<float[]> free = rows(FILE, Noise.of(6));

    for (int i = 0; i < 6; i++) {
      assertThat(RelativeError.of(rows.get(i), free.get(i))).isLessThan(1e-5);
    }
  }

  @Test
  void what_is_on_disk_is_not_computed_again() {
    Noise views = Noise.of(5);
    List<float[]> first = rows(FILE, views);
    List<float[]> second = rows(FILE, views);

    assertThat(views.reads()).hasValue(5);
    assertThat(second).usingRecursiveComparison().isEqualTo(first);
  }

  @Test
  void another_encoder_or_other_views_have_features_of_their_own() throws IOException {
    rows(FILE, Noise.of(5));
    rows(FILE, new Noise(5, "other noise", new AtomicInteger()));
    rows(FILE, Noise.of(4));
    rows(EncoderFileTest.small(4), Noise.of(5));

    assertThat(caches()).hasSize(4);
  }

  @Test
  void a_row_does_not_depend_on_which_rows_were_there() throws IOException {
    Noise views = Noise.of(40);
    List<float[]> whole = rows(FILE, views);
    for (int row : new int[] {3, 4, 35}) {
      damage(caches().get(0), row);
    }

    assertThat(rows(FILE, views)).usingRecursiveComparison().isEqualTo(whole);
  }

  @Test
  void a_row_that_is_damaged_while_in_use_is_computed_again() throws IOException {
    try (NDManager manager = NDManager.newBaseManager();
        Backbone frozen = open(FILE, EncoderMode.FROZEN, manager)) {
      IntFunction<float[]> inputs = frozen.inputs(Noise.of(3));
      float[] first = inputs.apply(1);
      damage(caches().get(0), 1);

      assertThat(inputs.apply(1)).isEqualTo(first);
    }
  }

  @Test
  void a_level_that_is_not_as_declared_is_refused() {
    EncoderFile file = EncoderFileTest.small(3);
    FeatureLevel level = file.spec().levels().get(0);
    FeatureLevel wrong = new FeatureLevel(level.value(), 16, level.channels(), level.layout());
    assertThatThrownBy(
            () -> {
              try (NDManager manager = NDManager.newBaseManager();
                  Backbone frozen =
                      Backbones.open(
                          file,
                          List.of(wrong),
                          EncoderMode.FROZEN,
                          FineTuningSettings.WHOLE,
                          manager,
                          folder,
                          1)) {
                frozen.inputs(Noise.of(1));
              }
            })
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("declared with 96 values an image, but has the shape [1, 16, 24]");
  }

  private Backbone open(EncoderFile file, EncoderMode mode, NDManager manager) {
    return Backbones.open(
        file, file.spec().levels(), mode, FineTuningSettings.WHOLE, manager, folder, 2);
  }

  private List<float[]> rows(EncoderFile file, ImageInputs views) {
    try (NDManager manager = NDManager.newBaseManager();
        Backbone frozen = open(file, EncoderMode.FROZEN, manager)) {
      IntFunction<float[]> inputs = frozen.inputs(views);
      List<float[]> rows = new ArrayList<>();
      IntStream.range(0, views.size()).forEach(i -> rows.add(inputs.apply(i)));
      return rows;
    }
  }

  /** Overwrites one byte in the middle of a row. */
  private static void damage(Path file, int row) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int record = 8 + 4 * 16 * 24;
    bytes[row * record + record / 2] ^= 1;
    Files.write(file, bytes, java.nio.file.StandardOpenOption.WRITE);
  }

  private List<Path> caches() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".features")).toList();
    }
  }
}
