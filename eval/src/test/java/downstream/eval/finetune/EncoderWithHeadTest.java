package downstream.eval.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import downstream.eval.Checks;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.ImageInputs;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.task.FitRequest;
import downstream.eval.task.Protocol;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Step;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EncoderWithHeadTest {
  private static final int SIDE = 16;

  @TempDir private Path folder;

  /** What breaks off. */
  private enum Failure {
    NONE,
    HEAD,
    EXAMPLES,
    LOSSES
  }

  private record Settings(
      DataSettings data,
      EncoderTuning encoder,
      OptimiserSettings optimiser,
      ScheduleSettings schedule,
      AugmentationSettings augmentation,
      List<String> deviations)
      implements TrainingProtocol {
    static Settings of(EncoderMode mode, String optimiser) {
      String data = "imageSize: 16, batch: 2";
      return new Settings(
          group("{" + data + "}", DataSettings.class),
          group("{mode: " + Json.MAPPER.valueToTree(mode).asText() + "}", EncoderTuning.class)
              .forBatch(2),
          group(optimiser, OptimiserSettings.class),
          group("{steps: 4, warmup: 0}", ScheduleSettings.class),
          Checks.defaults(AugmentationSettings.class).forMode(mode, 1, 1),
          List.of("no published recipe"));
    }

    private static <T> T group(String yaml, Class<T> type) {
      return Json.as("test", Json.parseYaml("test", yaml), type);
    }
  }

  /** Seeded noise. */
  private record Noise(int size) implements ImageInputs {
    @Override
    public String fingerprint() {
      return "noise";
    }

    @Override
    public float[] pixels(int index) {
      SplittableRandom random = new SplittableRandom(index);
      float[] values = new float[3 * SIDE * SIDE];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      return values;
    }
  }

  private record NoiseExamples(int size, IntFunction<float[]> inputs) implements Examples<float[]> {
    @Override
    public float[] load(int index, RandomGenerator random) {
      return inputs.apply(index);
    }
  }

  /** Makes the features small; remembers what was opened. */
  private static final class Shrinking implements FineTunedTask<BlockHead, float[]> {
    private final Failure failure;
    private final List<NDManager> managers = new ArrayList<>();
    private final List<EncoderWithHead<BlockHead>> models = new ArrayList<>();

    Shrinking(Failure failure) {
      this.failure = failure;
    }

    private void failIf(Failure here) {
      if (failure == here) {
        throw new IllegalStateException("broke off in " + here);
      }
    }

    @Override
    public String name() {
      return "shrinking";
    }

    @Override
    public BlockHead createHead(EncoderFile encoder, NDManager manager) {
      managers.add(manager);
      failIf(Failure.HEAD);
      Block layers =
          new SequentialBlock()
              .add(BatchNorm.builder().build())
              .add(Conv2d.builder().setKernelShape(new Shape(1, 1)).setFilters(2).build());
      return BlockHead.create(encoder.spec().levels(), layers, SIDE, manager);
    }

    @Override
    public Examples<float[]> examples(EncoderWithHead<BlockHead> model) {
      models.add(model);
      IntFunction<float[]> inputs = model.inputs(new Noise(4));
      failIf(Failure.EXAMPLES);
      return new NoiseExamples(4, inputs);
    }

    @Override
    public Losses losses(EncoderWithHead<BlockHead> model, List<float[]> batch, Step step) {
      failIf(Failure.LOSSES);
      NDArray loss =
          model
              .head()
              .forward(
                  step.store(), model.features(step.store(), step.manager(), batch, true), true)
              .head()
              .square()
              .mean();
      return new Losses(loss, Map.of("size", loss));
    }
  }

  private FitRequest fit(long seed) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return new FitRequest(
        VisionTransformer.build(
            new VitArchitecture(SIDE, 8, 8, 2, 2, 2),
            "tiny",
            0,
            half,
            half,
            Json.MAPPER.createObjectNode()),
        new Protocol("shrinking", "1", "test", Json.MAPPER.createObjectNode()),
        new ImageSet("none", List.of(), List.of(), List.of(), Set.of(), "", List.of()),
        seed,
        folder.resolve("fit" + seed),
        folder.resolve("features"),
        1,
        Device.CPU,
        0);
  }

  @ParameterizedTest
  @CsvSource({
    "FINETUNE, HEAD",
    "FINETUNE, EXAMPLES",
    "FINETUNE, LOSSES",
    "FROZEN, HEAD",
    "FROZEN, EXAMPLES",
    "FROZEN, LOSSES"
  })
  void a_failure_closes_manager_and_backbone(EncoderMode mode, Failure failure) {
    Shrinking task = new Shrinking(failure);

    assertThatThrownBy(() -> EncoderWithHead.train(fit(1), Settings.of(mode, "{}"), task))
        .hasMessageContaining("broke off in " + failure);

    assertThat(task.managers).hasSize(1).noneMatch(NDManager::isOpen);
    for (EncoderWithHead<BlockHead> model : task.models) {
      assertClosed(model, mode);
    }
  }

  @ParameterizedTest
  @EnumSource(EncoderMode.class)
  void a_level_that_the_encoder_lacks_closes_the_manager(EncoderMode mode) {
    List<NDManager> managers = new ArrayList<>();
    FineTunedTask<BlockHead, float[]> task =
        new FineTunedTask<>() {
          @Override
          public String name() {
            return "lacking";
          }

          @Override
          public BlockHead createHead(EncoderFile encoder, NDManager manager) {
            managers.add(manager);
            var level = encoder.spec().levels().get(0);
            var missing =
                new downstream.eval.encoder.FeatureLevel(
                    "missing", level.stride(), level.channels(), level.layout());
            return BlockHead.create(List.of(missing), new SequentialBlock(), SIDE, manager);
          }

          @Override
          public Examples<float[]> examples(EncoderWithHead<BlockHead> model) {
            throw new IllegalStateException("not reached");
          }

          @Override
          public Losses losses(EncoderWithHead<BlockHead> model, List<float[]> batch, Step step) {
            throw new IllegalStateException("not reached");
          }
        };

    assertThatThrownBy(() -> EncoderWithHead.open(fit(1), Settings.of(mode, "{}"), task))
        .isInstanceOf(RuntimeException.class);

    assertThat(managers).hasSize(1).noneMatch(NDManager::isOpen);
  }

  @ParameterizedTest
  @EnumSource(EncoderMode.class)
  void closing_frees_manager_and_backbone(EncoderMode mode) throws IOException {
    Shrinking task = new Shrinking(Failure.NONE);
    try (EncoderWithHead<BlockHead> model =
        EncoderWithHead.train(fit(1), Settings.of(mode, "{}"), task)) {
      assertThat(model.digest()).hasSize(64);
    }
    assertThat(task.managers).noneMatch(NDManager::isOpen);
    assertClosed(task.models.get(0), mode);
  }

  /** A closed ONNX Runtime session refuses to run, a freed array to be read. */
  private static void assertClosed(EncoderWithHead<BlockHead> model, EncoderMode mode) {
    if (mode == EncoderMode.FROZEN) {
      assertThatThrownBy(() -> model.inputs(new Noise(3)))
          .hasStackTraceContaining("closed OrtSession");
    }
    List<NDArray> arrays =
        model.head().block().getParameters().values().stream().map(p -> p.getArray()).toList();
    assertThat(arrays).isNotEmpty().allMatch(NDArray::isReleased);
  }

  @Test
  void weights_are_the_encoders_then_the_heads_and_state_goes_with_them() {
    Shrinking task = new Shrinking(Failure.NONE);
    try (EncoderWithHead<BlockHead> model =
        EncoderWithHead.open(fit(1), Settings.of(EncoderMode.FINETUNE, "{}"), task)) {
      List<String> names = model.weights().stream().map(Weight::name).toList();
      int first =
          names.indexOf(names.stream().filter(n -> n.startsWith("head.")).findFirst().get());
      assertThat(names.subList(0, first)).isNotEmpty().allMatch(n -> n.startsWith("encoder."));
      assertThat(names.subList(first, names.size())).allMatch(n -> n.startsWith("head."));
      assertThat(model.weights().get(0).rateScale()).isEqualTo(0.5);
      assertThat(model.weights().get(first).rateScale()).isEqualTo(1);
      assertThat(model.state().keySet()).hasSize(2).allMatch(n -> n.startsWith("head."));
    }
  }

  @Test
  void norms_and_biases_are_decayed_on_request_only() {
    Shrinking task = new Shrinking(Failure.NONE);
    Settings plain = Settings.of(EncoderMode.FINETUNE, "{}");
    try (EncoderWithHead<BlockHead> model = EncoderWithHead.open(fit(1), plain, task)) {
      assertThat(model.weights())
          .filteredOn(weight -> weight.name().contains("beta") || weight.name().endsWith("bias"))
          .isNotEmpty()
          .noneMatch(Weight::decay);
      assertThat(model.weights()).anyMatch(Weight::decay);
    }
    Settings all = Settings.of(EncoderMode.FINETUNE, "{decayNormsAndBiases: true}");
    try (EncoderWithHead<BlockHead> model = EncoderWithHead.open(fit(1), all, task)) {
      assertThat(model.weights()).allMatch(Weight::decay);
    }
  }

  @Test
  void notes_say_how_batch_norms_behave_and_what_deviates() {
    Shrinking task = new Shrinking(Failure.NONE);
    Settings settings = Settings.of(EncoderMode.FROZEN, "{}");
    try (EncoderWithHead<BlockHead> model = EncoderWithHead.open(fit(1), settings, task)) {
      assertThat(model.notes())
          .containsExactly("batch norm of the encoder: none", "deviation: no published recipe");
    }
  }

  @Test
  void all_bits_of_the_seed_choose_the_heads_weights() {
    assertThat(headOf(1)).isEqualTo(headOf(1)).isNotEqualTo(headOf(2));
    assertThat(headOf(1)).isNotEqualTo(headOf(1 + (1L << 32)));
  }

  private List<String> headOf(long seed) {
    Settings settings = Settings.of(EncoderMode.FINETUNE, "{}");
    try (EncoderWithHead<BlockHead> model =
        EncoderWithHead.open(fit(seed), settings, new Shrinking(Failure.NONE))) {
      return model.weights().stream()
          .filter(weight -> weight.name().startsWith("head."))
          .map(weight -> Arrays.toString(weight.array().toFloatArray()))
          .toList();
    }
  }
}
