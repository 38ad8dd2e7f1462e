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

/**
 * A contact sheet: picture, truth, prediction and errors of some pictures of a set, side by side.
 */
final class PredictionSheet {
  private static final int TILE = 240;
  private static final int RIGHT = 0xd8d8d8;
  private static final int WRONG = 0xd62728;

  private PredictionSheet() {}

  /** Draws {@code count} pictures spread evenly over the set. */
  static Path draw(LabelMaps predictions, ImageSet set, Path file, int count) {
    Sheet sheet = new Sheet(4, TILE);
    List<String> names = PredictionArchive.names(set);
    int shown = Math.min(count, names.size());
    for (int i = 0; i < shown; i++) {
      int index = (int) ((long) i * names.size() / shown);
      Picture picture = set.pictures().get(index);
      add(sheet, picture, Truth.of(picture, set), predictions.read(names.get(index), Set.of()));
    }
    sheet.writePng(file);
    return file;
  }

  private static void add(Sheet sheet, Picture picture, LabelMap truth, LabelMap prediction) {
    byte[] t = truth.values();
    byte[] p = prediction.values();
    sheet
        .add(Image.read(picture.file()), picture.name())
        .add(paint(truth, i -> Palette.colour(t[i] & 0xff)), "truth (white: ignored)")
        .add(paint(truth, i -> Palette.colour(p[i] & 0xff)), "prediction")
        .add(paint(truth, i -> error(t[i] & 0xff, p[i] & 0xff)), errorCaption(t, p));
  }

  private static int error(int truth, int prediction) {
    if (truth == LabelMap.IGNORE) {
      return Palette.colour(LabelMap.IGNORE);
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
