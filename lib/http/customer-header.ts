/** Names the customer a platform key acts for: by our id, or by the adopter's own. */
export const CUSTOMER_HEADER = "tollkeeper-customer";
export const EXTERNAL_CUSTOMER_HEADER = "tollkeeper-external-customer";
