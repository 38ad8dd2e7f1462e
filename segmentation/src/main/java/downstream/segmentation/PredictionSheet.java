package downstream.segmentation;

import downstream.eval.data.Image;
import downstream.eval.data.ImageSet;
import downstream.eval.data.LabelMap;
import downstream.eval.data.Picture;
import downstream.eval.data.Sheet;
import downstream.segmentation.metrics.LabelMaps;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A contact sheet: picture, truth, prediction and errors of some pictures of a set, side by side.
 */
final class PredictionSheet {
  private static final int TILE = 240;
  private static final int RIGHT = 0xd8d8d8;
  private static final int WRONG = 0xd62728;
  private static final int NOTHING = 0xffffff;

  private PredictionSheet() {}

  /** Positions of {@code count} pictures spread evenly over a set. */
  static List<Integer> spread(int pictures, int count) {
    int shown = Math.min(count, pictures);
    return IntStream.range(0, shown).mapToObj(i -> (int) ((long) i * pictures / shown)).toList();
  }

  /** Draws the pictures of these positions, a row each. */
  static Path draw(LabelMaps predictions, ImageSet set, List<Integer> shown, Path file) {
    Sheet sheet = new Sheet(4, TILE);
    List<String> names = PredictionArchive.names(set);
    Palette palette = Palette.of(set);
    for (int index : shown) {
      Picture picture = set.pictures().get(index);
      LabelMap prediction = predictions.read(names.get(index), Set.of());
      add(sheet, picture, Truth.of(picture, set), prediction, palette);
    }
    sheet.writePng(file);
    return file;
  }

  private static void add(
      Sheet sheet, Picture picture, LabelMap truth, LabelMap prediction, Palette palette) {
    byte[] t = truth.values();
    byte[] p = prediction.values();
    sheet
        .add(Image.read(picture.file()), picture.name())
        .add(paint(truth, i -> palette.colour(t[i] & 0xff)), "truth (white: ignored)")
        .add(paint(truth, i -> palette.colour(p[i] & 0xff)), "prediction")
        .add(paint(truth, i -> error(t[i] & 0xff, p[i] & 0xff)), errorCaption(t, p));
  }

  private static int error(int truth, int prediction) {
    if (truth == LabelMap.IGNORE) {
      return NOTHING;
    }
    return truth == prediction ? RIGHT : WRONG;
  }

  private static String errorCaption(byte[] truth, byte[] prediction) {
    int wrong = 0;
    int all = 0;
    for (int i = 0; i < truth.length; i++) {
      boolean counts = (truth[i] & 0xff) != LabelMap.IGNORE;
      all += counts ? 1 : 0;
      wrong += counts && truth[i] != prediction[i] ? 1 : 0;
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
