package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.data.image.Image;
import downstream.pretrain.views.CropView;
import downstream.pretrain.views.CroppedView;
import downstream.pretrain.views.Region;
import downstream.pretrain.views.SlotConView;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OverlapAlignmentTest {
  private static final int GRID = 4;
  private static final int CELLS = GRID * GRID;
  private static final Image IMAGE = Image.of(40, 40, new byte[40 * 40 * 3]);

  @Test
  void whole_of_a_view_is_its_cells_mirrored_back() {
    for (int seed = 0; seed < 10; seed++) {
      CroppedView view = CropView.mae(16, .3).drawCropped(IMAGE, new SplittableRandom(seed));
      float[] matrix = OverlapAlignment.matrix(view, view.crop(), GRID);
      for (int cell = 0; cell < CELLS; cell++) {
        int x = cell % GRID;
        int from = cell - x + (view.flipped() ? GRID - 1 - x : x);
        assertThat(matrix[cell * CELLS + from]).isCloseTo(1, within(1e-5f));
      }
    }
  }

  /** The cells of two views hold where in the image they are; aligned, they agree. */
  @Test
  void cells_of_both_views_come_to_the_same_places() {
    SplittableRandom random = new SplittableRandom(2);
    int inner = 0;
    for (int draw = 0; draw < 30; draw++) {
      List<CroppedView> views = new SlotConView(16, .3).draw(IMAGE, random);
      Region shared = views.get(0).crop().intersection(views.get(1).crop()).orElseThrow();
      double[] first = aligned(views.get(0), shared);
      double[] second = aligned(views.get(1), shared);
      for (int x = 0; x < GRID; x++) {
        double wanted = shared.x() + (x + .5) * shared.width() / GRID;
        if (isInside(wanted, views.get(0)) && isInside(wanted, views.get(1))) {
          inner++;
          assertThat(first[x]).isCloseTo(wanted, within(1e-3));
          assertThat(second[x]).isCloseTo(wanted, within(1e-3));
        }
      }
    }
    assertThat(inner).isGreaterThan(40);
  }

  /** Beyond the outermost centres the map continues unchanged. */
  private static boolean isInside(double x, CroppedView view) {
    double half = .5 * view.crop().width() / GRID;
    return x >= view.crop().x() + half && x <= view.crop().x() + view.crop().width() - half;
  }

  /** Horizontal positions of the first row of aligned cells. */
  private static double[] aligned(CroppedView view, Region shared) {
    float[] matrix = OverlapAlignment.matrix(view, shared, GRID);
    double[] positions = new double[GRID];
    for (int x = 0; x < GRID; x++) {
      for (int from = 0; from < CELLS; from++) {
        int column = from % GRID;
        int place = view.flipped() ? GRID - 1 - column : column;
        double centre = view.crop().x() + (place + .5) * view.crop().width() / GRID;
        positions[x] += matrix[x * CELLS + from] * centre;
      }
    }
    return positions;
  }

  @Test
  void rows_sum_to_one() {
    List<CroppedView> views = new SlotConView(16, .08).draw(IMAGE, new SplittableRandom(5));
    Region shared = views.get(0).crop().intersection(views.get(1).crop()).orElseThrow();
    float[] matrix = OverlapAlignment.matrix(views.get(1), shared, GRID);
    for (int cell = 0; cell < CELLS; cell++) {
      double sum = 0;
      for (int from = 0; from < CELLS; from++) {
        sum += matrix[cell * CELLS + from];
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
  }
}
