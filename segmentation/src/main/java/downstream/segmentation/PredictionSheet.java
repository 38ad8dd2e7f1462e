package downstream.segmentation;

import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.LabelMap;
import downstream.segmentation.metrics.LabelMapPairs;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/**
 * A contact sheet: image, ground truth, prediction and errors of some images of a set, side by
 * side.
 */
final class PredictionSheet {
  private static final int TILE = 240;
  private static final int RIGHT = 0xd8d8d8;
  private static final int WRONG = 0xd62728;
  private static final int NOTHING = 0xffffff;

  private PredictionSheet() {}

  /** Draws the images of these positions, a row each. */
  static Path draw(LabelMapPairs predictions, ImageSet set, List<Integer> shown, Path file) {
    ContactSheet sheet = new ContactSheet(4, TILE);
    List<String> names = PredictionArchive.names(set);
    Palette palette = Palette.of(set);
    for (int index : shown) {
      ImageRecord image = set.images().get(index);
      LabelMap prediction = predictions.read(names.get(index), Set.of());
      add(sheet, image, LabelMapChecker.of(image, set), prediction, palette);
    }
    sheet.writePng(file);
    return file;
  }

  private static void add(
      ContactSheet sheet,
      ImageRecord image,
      LabelMap groundTruth,
      LabelMap prediction,
      Palette palette) {
    byte[] t = groundTruth.values();
    byte[] p = prediction.values();
    sheet
        .add(Image.read(image.file()), image.name())
        .add(paint(groundTruth, i -> palette.colour(t[i] & 0xff)), "ground truth (white: ignored)")
        .add(paint(groundTruth, i -> palette.colour(p[i] & 0xff)), "prediction")
        .add(paint(groundTruth, i -> error(t[i] & 0xff, p[i] & 0xff)), errorCaption(t, p));
  }

  private static int error(int groundTruth, int prediction) {
    if (groundTruth == LabelMap.IGNORE) {
      return NOTHING;
    }
    return groundTruth == prediction ? RIGHT : WRONG;
  }

  private static String errorCaption(byte[] groundTruth, byte[] prediction) {
    int wrong = 0;
    int all = 0;
    for (int i = 0; i < groundTruth.length; i++) {
      boolean counts = (groundTruth[i] & 0xff) != LabelMap.IGNORE;
      all += counts ? 1 : 0;
      wrong += counts && groundTruth[i] != prediction[i] ? 1 : 0;
    }
    return String.format(Locale.ROOT, "errors: %.1f%% of pixels", 100.0 * wrong / Math.max(1, all));
  }

  private static Image paint(LabelMap size, IntUnaryOperator colour) {
    byte[] rgb = new byte[3 * size.width() * size.height()];
    for (int i = 0; i < rgb.length / 3; i++) {
      int value = colour.applyAsInt(i);
      rgb[3 * i] = (byte) (value >> 16);
      rgb[3 * i + 1] = (byte) (value >> 8);
      rgb[3 * i + 2] = (byte) value;
    }
    return Image.of(size.width(), size.height(), rgb);
  }
}
