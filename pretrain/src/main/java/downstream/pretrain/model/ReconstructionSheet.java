package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import downstream.pretrain.settings.EncoderSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * A contact sheet of masked images: the input, what is visible of it, what a model reconstructs.
 */
public final class ReconstructionSheet {
  private static final int TILE = 128;
  private static final int COLUMNS = 6;

  private ReconstructionSheet() {}

  /**
   * Draws images whose patches are masked whole.
   *
   * @param images [3, S, S], normalised
   * @param masks [T], 1 where the patch is masked
   * @param predicted [N, T, P]
   * @param normPix whether predicted patches are standardised: they take mean and deviation from
   *     the true patch, which the network never predicts
   */
  public static ContactSheet ofPatches(
      List<float[]> images,
      List<int[]> masks,
      NDArray predicted,
      boolean normPix,
      EncoderSettings encoder) {
    int length = encoder.cellValues();
    List<float[]> patches = patchify(images, encoder);
    List<float[]> rows = Batches.rows(predicted);
    List<float[]> masked = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      float[] values = new float[masks.get(i).length * length];
      for (int v = 0; v < values.length; v++) {
        values[v] = masks.get(i)[v / length];
      }
      masked.add(values);
    }
    return of(patches, masked, normPix ? unstandardised(rows, patches, encoder) : rows, encoder);
  }

  /**
   * Draws images some of whose pixels are masked.
   *
   * @param predicted [N, T, P]
   * @param normPix whether predicted patches are standardised, as above
   */
  public static ContactSheet ofPixels(
      List<MaskedImage> images, NDArray predicted, boolean normPix, EncoderSettings encoder) {
    List<float[]> patches =
        patchify(images.stream().map(image -> image.pixels().values()).toList(), encoder);
    List<float[]> masks =
        images.stream()
            .map(image -> image.patchMask(encoder.imageSize(), encoder.cellSize()))
            .toList();
    List<float[]> rows = Batches.rows(predicted);
    return of(patches, masks, normPix ? unstandardised(rows, patches, encoder) : rows, encoder);
  }

  private static List<float[]> unstandardised(
      List<float[]> rows, List<float[]> patches, EncoderSettings encoder) {
    List<float[]> pixels = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      pixels.add(Patches.unstandardised(rows.get(i), patches.get(i), encoder.cellValues()));
    }
    return pixels;
  }

  private static List<float[]> patchify(List<float[]> images, EncoderSettings encoder) {
    return images.stream()
        .map(image -> Patches.patchify(image, encoder.imageSize(), encoder.cellSize()))
        .toList();
  }

  /** All in patches [T, P] of (p, q, c) order; what is visible is shown as it is. */
  private static ContactSheet of(
      List<float[]> patches,
      List<float[]> masks,
      List<float[]> reconstructed,
      EncoderSettings encoder) {
    ContactSheet sheet = new ContactSheet(COLUMNS, TILE);
    for (int i = 0; i < patches.size(); i++) {
      float[] grey = new float[patches.get(i).length];
      float[] visible = choose(masks.get(i), grey, patches.get(i));
      float[] filled = choose(masks.get(i), reconstructed.get(i), patches.get(i));
      sheet.add(image(patches.get(i), encoder), "input");
      sheet.add(image(visible, encoder), "visible");
      sheet.add(image(filled, encoder), "reconstructed");
    }
    return sheet;
  }

  private static float[] choose(float[] mask, float[] ifMasked, float[] ifVisible) {
    float[] chosen = ifVisible.clone();
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = mask[i] == 1 ? ifMasked[i] : ifVisible[i];
    }
    return chosen;
  }

  private static Image image(float[] patches, EncoderSettings encoder) {
    float[] planes = Patches.unpatchify(patches, encoder.imageSize(), encoder.cellSize());
    return ViewSheet.image(planes, encoder.imageSize());
  }
}
