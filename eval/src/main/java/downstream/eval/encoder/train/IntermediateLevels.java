package downstream.eval.encoder.train;

import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.FeatureLevel.Layout;
import downstream.eval.encoder.runtime.ValueShapes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The outputs of single blocks of a plain transformer as levels, for heads that want several maps
 * of an encoder that has one stride.
 */
public final class IntermediateLevels {
  private IntermediateLevels() {}

  /**
   * The outputs of blocks at these shares of the depth: of 12 blocks 0.25 is the third, 1 the last.
   *
   * @param shares in (0, 1]
   * @throws BadInput if the encoder's last level is not one of tokens, or no block can be told
   */
  public static List<FeatureLevel> of(EncoderFile file, List<Double> shares) {
    List<FeatureLevel> levels = file.spec().levels();
    FeatureLevel last = levels.get(levels.size() - 1);
    List<FeatureLevel> blocks = last.layout() == Layout.TOKENS ? blocks(file, last) : List.of();
    if (blocks.isEmpty()) {
      throw new BadInput(
          file.name() + ".onnx",
          "has one level, '"
              + last.value()
              + "', and no transformer blocks whose outputs are its"
              + " like",
          "Name several levels in its spec, or choose a head that reads one");
    }
    return shares.stream()
        .map(share -> blocks.get((int) Math.max(0, Math.round(share * blocks.size()) - 1)))
        .toList();
  }

  /**
   * Returns the output of each block as a feature level: tokens of the level's width and grid, the
   * embedding left out.
   */
  private static List<FeatureLevel> blocks(EncoderFile file, FeatureLevel last) {
    Map<String, long[]> shapes = ValueShapes.of(file, file.spec().imageSize());
    LayerGroups layers = new LayerGroups(file);
    long side = file.spec().imageSize() / last.stride();
    List<FeatureLevel> blocks = new ArrayList<>();
    for (String end : layers.blocks()) {
      long[] shape = shapes.getOrDefault(file.graph().resolve(end), new long[0]);
      if (shape.length == 3 && shape[2] == last.channels() && shape[1] >= side * side) {
        int extra = Math.toIntExact(shape[1] - side * side);
        blocks.add(new FeatureLevel(end, last.stride(), last.channels(), Layout.TOKENS, extra, 0));
      }
    }
    return blocks;
  }
}
