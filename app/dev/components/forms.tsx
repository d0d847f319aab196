import { Checkbox } from "@/components/form/checkbox";
import { Field } from "@/components/form/field";
import { RadioGroup } from "@/components/form/radio-group";
import { SegmentedControl } from "@/components/form/segmented-control";
import { SelectField } from "@/components/form/select-field";
import { Switch } from "@/components/form/switch";
import { TextareaField } from "@/components/form/textarea-field";
import { Specimen, Variants } from "./specimen";

const SCOPES = [
  { value: "read", label: "Read usage" },
  { value: "write", label: "Read and record usage" },
  { value: "all", label: "Everything", isDisabled: true },
];

export function Forms() {
  return (
    <>
      <Specimen title="Field">
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            id="field-name"
            label="Name"
            required
            defaultValue="Production"
            hint="Shown in the list of keys."
          />
          <Field id="field-empty" label="Purchase order" placeholder="PO-2026-114" />
          <Field
            id="field-wrong"
            label="E-mail address"
            type="email"
            required
            defaultValue="person@example"
            error="This is not an e-mail address."
          />
          <Field id="field-disabled" label="Customer number" disabled defaultValue="cus_QX81mZ" />
          <Field id="field-read-only" label="Endpoint" readOnly defaultValue="https://example.com/webhooks" />
          <Field
            id="field-hidden"
            label="Search"
            isLabelHidden
            type="search"
            placeholder="Search customers"
          />
        </div>
      </Specimen>
      <Specimen title="Textarea">
        <TextareaField
          id="textarea"
          label="Reason"
          hint="Only we read it."
          defaultValue="We move to yearly invoices, and would like to keep our discount."
        />
      </Specimen>
      <Specimen title="Select">
        <div className="grid gap-5 sm:grid-cols-2">
          <SelectField
            id="select"
            label="Scope"
            options={SCOPES}
            defaultValue="write"
            hint="What the key may do."
          />
          <SelectField
            id="select-wrong"
            label="Country"
            options={[{ value: "", label: "Choose…" }]}
            error="Choose a country."
          />
          <SelectField
            id="select-disabled"
            label="Currency"
            options={[{ value: "usd", label: "US dollar" }]}
            disabled
          />
        </div>
      </Specimen>
      <Specimen title="Checkbox">
        <div className="grid gap-3 sm:grid-cols-2">
          <Checkbox id="checkbox" label="Send me a receipt" />
          <Checkbox
            id="checkbox-on"
            label="Warn me at 80 %"
            hint="By e-mail, once per window."
            defaultChecked
          />
          <Checkbox id="checkbox-wrong" label="I accept the terms" error="Without it we cannot go on." />
          <Checkbox id="checkbox-disabled" label="Not yours to change" isDisabled defaultChecked />
        </div>
      </Specimen>
      <Specimen title="Switch">
        <div className="grid gap-3 sm:grid-cols-2">
          <Switch id="switch" label="Automatic top-up" hint="Buys a package when the balance is low." />
          <Switch id="switch-on" label="Usage alerts" defaultChecked />
          <Switch id="switch-disabled" label="Not in your plan" isDisabled />
          <Switch id="switch-disabled-on" label="Not yours to change" isDisabled defaultChecked />
        </div>
      </Specimen>
      <Specimen title="Radio group">
        <div className="grid gap-6 sm:grid-cols-2">
          <RadioGroup
            name="radio"
            legend="When it should end"
            defaultValue="period"
            options={[
              { value: "period", label: "At the end of the period", hint: "You keep it until 1 Dec 2026." },
              { value: "now", label: "Now" },
              { value: "never", label: "Never", isDisabled: true },
            ]}
          />
          <RadioGroup
            name="radio-wrong"
            legend="Why you leave"
            hint="It helps us, and is up to you."
            error="Choose one, or go on without."
            options={[
              { value: "price", label: "Too expensive" },
              { value: "unused", label: "I do not use it" },
            ]}
          />
        </div>
      </Specimen>
      <Specimen title="Segmented control">
        <Variants label="two and three">
          <SegmentedControl
            name="interval"
            legend="Billing interval"
            defaultValue="year"
            options={[
              { value: "quarter", label: "Quarterly" },
              { value: "year", label: "Yearly" },
            ]}
          />
          <SegmentedControl
            name="split"
            legend="Split by"
            defaultValue="day"
            options={[
              { value: "day", label: "Day" },
              { value: "model", label: "Model" },
              { value: "member", label: "Member" },
            ]}
          />
        </Variants>
      </Specimen>
    </>
  );
}
