/**
 * Evaluators of label maps: confusion matrices and their metrics, boundary IoU, panoptic quality.
 */
@NullMarked
package downstream.segmentation.metrics;

import org.jspecify.annotations.NullMarked;
