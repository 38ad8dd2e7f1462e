/** Evaluator inputs and settings: ground truth, detections, overlaps. */
@NullMarked
package downstream.detection.metrics;

import org.jspecify.annotations.NullMarked;
