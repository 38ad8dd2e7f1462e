/** TIDE: the cost of each type of detection error. */
@NullMarked
package downstream.detection.metrics.tide;

import org.jspecify.annotations.NullMarked;
