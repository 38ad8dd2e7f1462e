package downstream.pretrain.monitor;

import downstream.eval.data.image.ContactSheet;
import downstream.eval.train.Step;

/** A drawing of what a model does at an evaluation point: reconstructions, views, pairs. */
@FunctionalInterface
public interface Visualisation {
  /**
   * Draws the sheet.
   *
   * @param step owns the arrays made here; without gradients. Its generator is the same every time,
   *     so that the drawings of a run show the same images under the same masks
   */
  ContactSheet draw(Step step);
}
