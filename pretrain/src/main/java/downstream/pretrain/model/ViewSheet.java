package downstream.pretrain.model;

import downstream.eval.data.image.ContactSheet;
import downstream.eval.data.image.Image;
import downstream.pretrain.views.ImageNetStatistics;
import java.util.List;

/** A contact sheet of views side by side: what a method is asked to embed alike. */
public final class ViewSheet {
  private static final int TILE = 128;
  private static final int EXAMPLES_PER_ROW = 3;

  private ViewSheet() {}

  /**
   * @param examples the views of each, [3, S, S]
   * @param captions of the views
   */
  public static ContactSheet of(List<List<float[]>> examples, List<String> captions) {
    int columns = captions.size() <= 2 ? EXAMPLES_PER_ROW * captions.size() : captions.size();
    ContactSheet sheet = new ContactSheet(columns, TILE);
    for (List<float[]> views : examples) {
      for (int i = 0; i < captions.size(); i++) {
        int size = (int) Math.round(Math.sqrt(views.get(i).length / 3.0));
        sheet.add(image(views.get(i), size), captions.get(i));
      }
    }
    return sheet;
  }

  static Image image(float[] planes, int size) {
    return Image.ofPlanes(planes, size, size, ImageNetStatistics.MEAN, ImageNetStatistics.STD);
  }
}
