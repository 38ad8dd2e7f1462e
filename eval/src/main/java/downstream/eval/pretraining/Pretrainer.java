package downstream.eval.pretraining;

import downstream.eval.BadInput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A way to pretrain an encoder, found by ServiceLoader. */
public interface Pretrainer {
  /** The preset that is taken if none is named. */
  String DEFAULT_PRESET = "small";

  /** The id on the command line, unique: {@code mae}. */
  String name();

  /** One sentence for {@code ls}. */
  String summary();

  /**
   * Every setting, by preset: {@link #DEFAULT_PRESET} at least. The records' class is what settings
   * files are read into, so its constructor checks them.
   */
  Map<String, Record> presets();

  /**
   * Every setting of a preset.
   *
   * @throws BadInput if there is none of this name, naming those there are
   */
  default Record preset(String preset) {
    Map<String, Record> presets = presets();
    if (!presets.containsKey(preset)) {
      throw new BadInput(
          "--preset " + preset,
          name() + " has no such preset",
          "Choose one of " + presets.keySet());
    }
    return Objects.requireNonNull(presets.get(preset));
  }

  /**
   * Estimates the cost of {@link #run} from a few measured updates; leaves nothing behind.
   *
   * @return one for each stage, in order
   */
  List<CostEstimate> estimate(PretrainingRequest pretraining) throws IOException;

  /**
   * Trains and writes {@code <name>.onnx} into {@code pretraining.folder()}; resumes from a
   * checkpoint in the same folder.
   */
  void run(PretrainingRequest pretraining) throws IOException;
}
