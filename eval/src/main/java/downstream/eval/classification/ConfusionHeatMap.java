package downstream.eval.classification;

import downstream.eval.data.image.Image;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;

/**
 * The confusion matrix as a heat map: a row for every true class, each row's shares in percent.
 * With many classes cells shrink and lose names and numbers.
 */
final class ConfusionHeatMap {
  private static final int WIDEST_CELL = 44;
  private static final int NARROWEST_CELL = 2;
  private static final int NARROWEST_WITH_TEXT = 26;
  private static final int WANTED_SIDE = 1040;
  private static final int MARGIN = 150;

  private final Graphics2D pen;
  private final int cell;

  private ConfusionHeatMap(Graphics2D pen, int cell) {
    this.pen = pen;
    this.cell = cell;
  }

  static Path draw(Confusion confusion, List<String> classes, Path file) {
    int cell = Math.max(NARROWEST_CELL, Math.min(WIDEST_CELL, WANTED_SIDE / confusion.classes()));
    int side = MARGIN + cell * confusion.classes() + 10;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    try {
      pen.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      pen.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      pen.setColor(Color.WHITE);
      pen.fillRect(0, 0, side, side);
      new ConfusionHeatMap(pen, cell).draw(confusion, classes);
    } finally {
      pen.dispose();
    }
    Image.of(image).writePng(file);
    return file;
  }

  private void draw(Confusion confusion, List<String> classes) {
    for (int label = 0; label < classes.size(); label++) {
      if (cell >= NARROWEST_WITH_TEXT) {
        name(classes.get(label), label);
      }
      double examples = Math.max(1, confusion.examples(label));
      for (int predicted = 0; predicted < classes.size(); predicted++) {
        fill(label, predicted, confusion.count(label, predicted) / examples);
      }
    }
    pen.setColor(Color.BLACK);
    pen.drawString("rows: true class", 10, MARGIN - 32);
    pen.drawString("columns: prediction", 10, MARGIN - 16);
  }

  private void name(String name, int label) {
    int at = MARGIN + label * cell + cell / 2;
    int end = MARGIN - 8;
    pen.setColor(Color.BLACK);
    pen.drawString(name, end - pen.getFontMetrics().stringWidth(name), at + 4);
    var upright = pen.getTransform();
    pen.rotate(-Math.PI / 2, at, end);
    pen.drawString(name, at, end + 4);
    pen.setTransform(upright);
  }

  /** White for 0 to dark blue for 1. */
  private void fill(int label, int predicted, double share) {
    int x = MARGIN + predicted * cell;
    int y = MARGIN + label * cell;
    int fade = (int) Math.round(255 * (1 - share));
    pen.setColor(new Color(fade, (int) (fade * 0.7 + 76), 255 - (255 - fade) / 3));
    pen.fillRect(x, y, Math.max(1, cell - 1), Math.max(1, cell - 1));
    if (cell >= NARROWEST_WITH_TEXT) {
      String percent = Long.toString(Math.round(100 * share));
      pen.setColor(share > 0.5 ? Color.WHITE : Color.BLACK);
      int width = pen.getFontMetrics().stringWidth(percent);
      pen.drawString(percent, x + (cell - width) / 2, y + cell / 2 + 4);
    }
  }
}
