package downstream.pretrain.model;

import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import downstream.pretrain.settings.EncoderSettings;
import java.util.Arrays;
import java.util.List;

/** A sheet that shows what a model paints where it cannot see: input, what is visible, painted. */
public final class Reconstructions {
  /** How many images are shown. */
  public static final int COUNT = 8;

  private static final int TILE = 128;
  private static final int COLUMNS = 6;

  private Reconstructions() {}

  /**
   * Draws images, all in patches [T, P] of (p, q, c) order; what is visible is shown as it is.
   *
   * @param groundTruth normalised pixels
   * @param hidden 1 where a value is hidden
   * @param painted normalised pixels
   */
  public static ContactSheet sheet(
      List<float[]> groundTruth,
      List<float[]> hidden,
      List<float[]> painted,
      EncoderSettings encoder) {
    ContactSheet sheet = new ContactSheet(COLUMNS, TILE);
    for (int i = 0; i < groundTruth.size(); i++) {
      float[] nothing = new float[groundTruth.get(i).length];
      float[] visible = choose(hidden.get(i), nothing, groundTruth.get(i));
      float[] filled = choose(hidden.get(i), painted.get(i), groundTruth.get(i));
      sheet.add(image(groundTruth.get(i), encoder), "input");
      sheet.add(image(visible, encoder), "visible");
      sheet.add(image(filled, encoder), "reconstructed");
    }
    return sheet;
  }

  private static float[] choose(float[] hidden, float[] ifHidden, float[] ifSeen) {
    float[] chosen = ifSeen.clone();
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = hidden[i] == 1 ? ifHidden[i] : ifSeen[i];
    }
    return chosen;
  }

  /** Rows of a fetched batch. */
  public static List<float[]> rows(float[] flat, int count) {
    int length = flat.length / count;
    return java.util.stream.IntStream.range(0, count)
        .mapToObj(i -> Arrays.copyOfRange(flat, i * length, (i + 1) * length))
        .toList();
  }

  private static Image image(float[] patches, EncoderSettings encoder) {
    float[] planes = Patches.planes(patches, encoder.imageSize(), encoder.patchSize());
    return TwoViews.image(planes, encoder.imageSize());
  }
}
