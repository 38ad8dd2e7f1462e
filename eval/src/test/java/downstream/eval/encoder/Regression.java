package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.train.TrainableEncoder;
import downstream.eval.train.Examples;
import downstream.eval.train.Losses;
import downstream.eval.train.Objective;
import downstream.eval.train.Step;
import downstream.eval.train.TrainingPlan;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A small job for an encoder: its levels are to come out as fixed random values for a few fixed
 * random images. Keeps the loss of every step.
 */
class Regression implements Objective<float[]>, AutoCloseable {
  private static final int IMAGES = 4;

  private final NDManager manager = NDManager.newBaseManager();
  private final EncoderFile file;
  private final TrainableEncoder block;
  private final Map<String, NDArray> targets = new LinkedHashMap<>();
  private final List<Float> losses = new ArrayList<>();

  Regression(EncoderFile file, FineTuningSettings tuning) {
    this.file = file;
    block = new TrainableEncoder(file, manager, tuning);
  }

  static TrainingPlan plan(int steps, double rate) {
    Optimiser adam = new Optimiser.AdamW(rate, 0, 0.9, 0.99);
    return new TrainingPlan(steps, IMAGES, adam, Schedule.cosine(0.1), 0, 7, steps, 1);
  }

  /** The same four images in every epoch. */
  Examples<float[]> images() {
    int size = file.spec().imageSize();
    return new Examples<>() {
      @Override
      public int size() {
        return IMAGES;
      }

      @Override
      public float[] load(int index, RandomGenerator random) {
        return WeightInit.normal(new SplittableRandom(index), 1, 3 * size * size);
      }
    };
  }

  @Override
  public String name() {
    return "regression";
  }

  @Override
  public List<Weight> weights() {
    return Weight.of("encoder", block);
  }

  @Override
  public Map<String, NDArray> state() {
    return Weight.stateOf("encoder", block);
  }

  @Override
  public Losses losses(List<float[]> batch, Step step) {
    int size = file.spec().imageSize();
    NDManager scope = step.manager();
    NDArray images = scope.create(new Shape(batch.size(), 3, size, size));
    for (int i = 0; i < batch.size(); i++) {
      images.set(new NDIndex(i), scope.create(batch.get(i), new Shape(3, size, size)));
    }
    NDArray total = scope.create(0f);
    List<String> levels = file.levelValues();
    for (Map.Entry<String, NDArray> level :
        block.run(step.store(), Map.of(file.spec().input(), images), levels, true).entrySet()) {
      total =
          total.add(level.getValue().sub(target(level.getKey(), level.getValue())).square().mean());
    }
    losses.add(total.getFloat());
    return new Losses(total, Map.of("loss", total));
  }

  /** One value for each channel and cell, the same for every image. */
  private NDArray target(String level, NDArray value) {
    return targets.computeIfAbsent(
        level,
        name -> {
          Shape one = new Shape(1).addAll(value.getShape().slice(1));
          int count = Math.toIntExact(one.size());
          return manager.create(WeightInit.normal(new SplittableRandom(count), 0.5, count), one);
        });
  }

  /** The encoder as it is now. */
  EncoderFile trained() {
    return block.export(file.name(), file.provenance());
  }

  float firstLoss() {
    return losses.get(0);
  }

  float lastLoss() {
    return losses.get(losses.size() - 1);
  }

  int liveArrays() {
    return manager.getManagedArrays().size()
        + Objects.requireNonNull(manager.getParentManager()).getManagedArrays().size();
  }

  @Override
  public void close() {
    manager.close();
  }
}
