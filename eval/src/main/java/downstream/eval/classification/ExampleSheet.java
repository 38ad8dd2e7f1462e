package downstream.eval.classification;

import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Contact sheets of examples with their predictions: framed green where right, red where wrong. */
final class ExampleSheet {
  private static final int COLUMNS = 6;
  private static final int SIDE = 120;
  private static final int FRAME = 5;
  private static final int RIGHT = 0x2CA02C;
  private static final int WRONG = 0xD62728;

  private final LabelledCrops examples;
  private final List<Prediction> predictions;

  ExampleSheet(LabelledCrops examples, List<Prediction> predictions) {
    this.examples = examples;
    this.predictions = predictions;
  }

  /** Positions of examples spread evenly over the set, a row of tiles for each of {@code rows}. */
  List<Integer> spread(int rows) {
    return ContactSheet.spread(examples.size(), rows * COLUMNS);
  }

  /** Positions of the most confident mistakes, the worst first. */
  List<Integer> worst(int rows) {
    return IntStream.range(0, examples.size())
        .boxed()
        .filter(i -> !right(i))
        .sorted(Comparator.comparingDouble((Integer i) -> -predictions.get(i).scores().get(0)))
        .limit((long) rows * COLUMNS)
        .toList();
  }

  Path draw(List<Integer> shown, Path file) {
    ContactSheet sheet = new ContactSheet(COLUMNS, SIDE);
    shown.forEach(i -> sheet.add(framed(i), caption(i)));
    sheet.writePng(file);
    return file;
  }

  private boolean right(int i) {
    return predictions.get(i).best() == examples.crops().get(i).label();
  }

  private Image framed(int i) {
    LabelledCrop crop = examples.crops().get(i);
    Image whole = Image.read(examples.set().images().get(crop.image()).file());
    return crop.cut(whole, SIDE - 2 * FRAME, Image.MEAN_GREY)
        .crop(-FRAME, -FRAME, SIDE, SIDE, right(i) ? RIGHT : WRONG);
  }

  /** The predicted class and its score; behind it the true one, if that is another. */
  private String caption(int i) {
    Prediction prediction = predictions.get(i);
    List<String> classes = examples.classes();
    String predicted =
        String.format(
            Locale.ROOT, "%s %.2f", classes.get(prediction.best()), prediction.scores().get(0));
    String label = classes.get(examples.crops().get(i).label());
    return right(i) ? predicted : predicted + " (is " + label + ")";
  }
}
