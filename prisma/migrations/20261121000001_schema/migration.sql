-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "customer_type" AS ENUM ('personal', 'group');

-- CreateEnum
CREATE TYPE "member_role" AS ENUM ('owner', 'admin', 'member');

-- CreateEnum
CREATE TYPE "meter_kind" AS ENUM ('counter', 'gauge');

-- CreateEnum
CREATE TYPE "plan_availability" AS ENUM ('public', 'invite', 'hidden');

-- CreateEnum
CREATE TYPE "price_interval" AS ENUM ('month', 'year');

-- CreateEnum
CREATE TYPE "allowance_window" AS ENUM ('day', 'month', 'period', 'lifetime');

-- CreateEnum
CREATE TYPE "beyond_allowance" AS ENUM ('credits', 'overage', 'block');

-- CreateEnum
CREATE TYPE "plan_grant_source" AS ENUM ('subscription', 'burndown', 'comp', 'gift');

-- CreateEnum
CREATE TYPE "subscription_history_action" AS ENUM ('subscribe', 'trial_start', 'trial_end', 'upgrade', 'downgrade', 'cancel', 'resume');

-- CreateEnum
CREATE TYPE "stripe_event_state" AS ENUM ('received', 'processed', 'ignored', 'failed');

-- CreateEnum
CREATE TYPE "stripe_command_state" AS ENUM ('pending', 'succeeded', 'failed', 'abandoned');

-- CreateEnum
CREATE TYPE "checkout_state" AS ENUM ('open', 'completed', 'expired');

-- CreateEnum
CREATE TYPE "reservation_state" AS ENUM ('held', 'committed', 'released', 'expired');

-- CreateTable
CREATE TABLE "users" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" TIMESTAMPTZ(3),
    "name" TEXT,
    "image" TEXT,
    "is_platform_admin" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "user_id" UUID NOT NULL,
    "type" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "provider_account_id" TEXT NOT NULL,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("provider","provider_account_id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" UUID NOT NULL,
    "session_token_hash" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification_tokens" (
    "identifier" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires" TIMESTAMPTZ(3) NOT NULL
);

-- CreateTable
CREATE TABLE "customers" (
    "id" UUID NOT NULL,
    "type" "customer_type" NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "external_id" TEXT,
    "stripe_customer_id" TEXT,
    "currency" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "current_subscription_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "customers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "members" (
    "customer_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "member_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "members_pkey" PRIMARY KEY ("customer_id","user_id")
);

-- CreateTable
CREATE TABLE "customer_leases" (
    "customer_id" UUID NOT NULL,
    "fence" BIGINT NOT NULL DEFAULT 0,
    "holder" UUID,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "customer_leases_pkey" PRIMARY KEY ("customer_id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "key_hash" TEXT NOT NULL,
    "last_four" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "catalogue" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "policy" JSONB NOT NULL,
    "words" JSONB NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "catalogue_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "meters" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "kind" "meter_kind" NOT NULL,
    "sort_order" INTEGER NOT NULL,

    CONSTRAINT "meters_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "features" (
    "key" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sort_order" INTEGER NOT NULL,

    CONSTRAINT "features_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "plans" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "availability" "plan_availability" NOT NULL,
    "current_version_id" UUID,
    "stripe_product_id" TEXT,

    CONSTRAINT "plans_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "plan_versions" (
    "id" UUID NOT NULL,
    "plan_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "tagline" TEXT NOT NULL,
    "trial_days" INTEGER,
    "trial_requires_card" BOOLEAN NOT NULL DEFAULT true,
    "content_hash" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "plan_versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prices" (
    "id" UUID NOT NULL,
    "plan_version_id" UUID NOT NULL,
    "interval" "price_interval" NOT NULL,
    "interval_count" INTEGER NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" INTEGER NOT NULL,
    "tax_behavior" TEXT NOT NULL,
    "lookup_key" TEXT NOT NULL,
    "stripe_price_id" TEXT,

    CONSTRAINT "prices_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "allowances" (
    "plan_version_id" UUID NOT NULL,
    "meter_key" TEXT NOT NULL,
    "window" "allowance_window" NOT NULL,
    "amount" BIGINT,
    "beyond" "beyond_allowance"[],

    CONSTRAINT "allowances_pkey" PRIMARY KEY ("plan_version_id","meter_key","window")
);

-- CreateTable
CREATE TABLE "plan_features" (
    "plan_version_id" UUID NOT NULL,
    "feature_key" TEXT NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "plan_features_pkey" PRIMARY KEY ("plan_version_id","feature_key")
);

-- CreateTable
CREATE TABLE "credit_packs" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "credits" BIGINT NOT NULL,
    "currency" TEXT NOT NULL,
    "amount_minor" INTEGER NOT NULL,
    "sort_order" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "credit_packs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscriptions" (
    "customer_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "stripe_price_id" TEXT NOT NULL,
    "price_id" UUID,
    "quantity" INTEGER NOT NULL,
    "current_period_start" TIMESTAMPTZ(3) NOT NULL,
    "current_period_end" TIMESTAMPTZ(3) NOT NULL,
    "billing_cycle_anchor" TIMESTAMPTZ(3) NOT NULL,
    "trial_start" TIMESTAMPTZ(3),
    "trial_end" TIMESTAMPTZ(3),
    "cancel_at" TIMESTAMPTZ(3),
    "cancel_at_period_end" BOOLEAN NOT NULL,
    "canceled_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "fence" BIGINT NOT NULL,

    CONSTRAINT "subscriptions_pkey" PRIMARY KEY ("customer_id","id")
);

-- CreateTable
CREATE TABLE "invoices" (
    "customer_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "subscription_id" TEXT,
    "number" TEXT,
    "status" TEXT NOT NULL,
    "billing_reason" TEXT,
    "currency" TEXT NOT NULL,
    "total_minor" INTEGER NOT NULL,
    "amount_paid_minor" INTEGER NOT NULL,
    "amount_remaining_minor" INTEGER NOT NULL,
    "attempt_count" INTEGER NOT NULL,
    "first_failed_at" TIMESTAMPTZ(3),
    "next_payment_attempt_at" TIMESTAMPTZ(3),
    "paid_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "hosted_invoice_url" TEXT,
    "fence" BIGINT NOT NULL,

    CONSTRAINT "invoices_pkey" PRIMARY KEY ("customer_id","id")
);

-- CreateTable
CREATE TABLE "plan_grants" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "plan_version_id" UUID NOT NULL,
    "source" "plan_grant_source" NOT NULL,
    "subscription_id" TEXT,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3),

    CONSTRAINT "plan_grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "subscription_history" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "effect_key" TEXT NOT NULL,
    "action" "subscription_history_action" NOT NULL,
    "subscription_id" TEXT,
    "from_plan_version_id" UUID,
    "to_plan_version_id" UUID,
    "reason" TEXT,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "subscription_history_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_events" (
    "id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "stripe_customer_id" TEXT,
    "object_id" TEXT NOT NULL,
    "state" "stripe_event_state" NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "stripe_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stripe_commands" (
    "id" UUID NOT NULL,
    "customer_id" UUID,
    "kind" TEXT NOT NULL,
    "idempotency_key" TEXT NOT NULL,
    "parameters" JSONB NOT NULL,
    "state" "stripe_command_state" NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "result" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stripe_commands_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "checkouts" (
    "id" UUID NOT NULL,
    "customer_id" UUID NOT NULL,
    "price_id" UUID NOT NULL,
    "trial_days" INTEGER,
    "stripe_session_id" TEXT,
    "url" TEXT,
    "state" "checkout_state" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "checkouts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage_counters" (
    "customer_id" UUID NOT NULL,
    "meter_key" TEXT NOT NULL,
    "window" "allowance_window" NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "window_end" TIMESTAMPTZ(3) NOT NULL,
    "used" BIGINT NOT NULL DEFAULT 0,
    "held" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "usage_counters_pkey" PRIMARY KEY ("customer_id","meter_key","window","window_start")
);

-- CreateTable
CREATE TABLE "reservations" (
    "customer_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "user_id" UUID,
    "meter_key" TEXT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "windows" "allowance_window"[],
    "window_starts" TIMESTAMPTZ(3)[],
    "state" "reservation_state" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "reservations_pkey" PRIMARY KEY ("customer_id","id")
);

-- CreateTable
CREATE TABLE "usage_events" (
    "customer_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "reservation_id" UUID NOT NULL,
    "user_id" UUID,
    "meter_key" TEXT NOT NULL,
    "quantity" BIGINT NOT NULL,
    "details" JSONB NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "usage_events_pkey" PRIMARY KEY ("customer_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_session_token_hash_key" ON "sessions"("session_token_hash");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "verification_tokens_token_key" ON "verification_tokens"("token");

-- CreateIndex
CREATE UNIQUE INDEX "verification_tokens_identifier_token_key" ON "verification_tokens"("identifier", "token");

-- CreateIndex
CREATE UNIQUE INDEX "customers_external_id_key" ON "customers"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "customers_stripe_customer_id_key" ON "customers"("stripe_customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "customers_id_current_subscription_id_key" ON "customers"("id", "current_subscription_id");

-- CreateIndex
CREATE INDEX "members_user_id_idx" ON "members"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_customer_id_idx" ON "api_keys"("customer_id");

-- CreateIndex
CREATE UNIQUE INDEX "plans_slug_key" ON "plans"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "plans_current_version_id_key" ON "plans"("current_version_id");

-- CreateIndex
CREATE UNIQUE INDEX "plans_stripe_product_id_key" ON "plans"("stripe_product_id");

-- CreateIndex
CREATE UNIQUE INDEX "plan_versions_plan_id_version_key" ON "plan_versions"("plan_id", "version");

-- CreateIndex
CREATE UNIQUE INDEX "prices_lookup_key_key" ON "prices"("lookup_key");

-- CreateIndex
CREATE UNIQUE INDEX "prices_stripe_price_id_key" ON "prices"("stripe_price_id");

-- CreateIndex
CREATE UNIQUE INDEX "prices_plan_version_id_interval_interval_count_currency_key" ON "prices"("plan_version_id", "interval", "interval_count", "currency");

-- CreateIndex
CREATE UNIQUE INDEX "credit_packs_slug_key" ON "credit_packs"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "subscriptions_id_key" ON "subscriptions"("id");

-- CreateIndex
CREATE INDEX "invoices_customer_id_created_at_idx" ON "invoices"("customer_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "invoices_id_key" ON "invoices"("id");

-- CreateIndex
CREATE INDEX "plan_grants_customer_id_starts_at_idx" ON "plan_grants"("customer_id", "starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "plan_grants_customer_id_subscription_id_plan_version_id_key" ON "plan_grants"("customer_id", "subscription_id", "plan_version_id");

-- CreateIndex
CREATE INDEX "subscription_history_customer_id_occurred_at_idx" ON "subscription_history"("customer_id", "occurred_at");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_history_customer_id_effect_key_key" ON "subscription_history"("customer_id", "effect_key");

-- CreateIndex
CREATE INDEX "stripe_events_state_next_attempt_at_idx" ON "stripe_events"("state", "next_attempt_at");

-- CreateIndex
CREATE INDEX "stripe_events_stripe_customer_id_state_idx" ON "stripe_events"("stripe_customer_id", "state");

-- CreateIndex
CREATE UNIQUE INDEX "stripe_commands_idempotency_key_key" ON "stripe_commands"("idempotency_key");

-- CreateIndex
CREATE INDEX "stripe_commands_state_next_attempt_at_idx" ON "stripe_commands"("state", "next_attempt_at");

-- CreateIndex
CREATE UNIQUE INDEX "checkouts_stripe_session_id_key" ON "checkouts"("stripe_session_id");

-- CreateIndex
CREATE INDEX "checkouts_customer_id_created_at_idx" ON "checkouts"("customer_id", "created_at");

-- CreateIndex
CREATE INDEX "reservations_state_expires_at_idx" ON "reservations"("state", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "reservations_customer_id_key_key" ON "reservations"("customer_id", "key");

-- CreateIndex
CREATE INDEX "usage_events_customer_id_occurred_at_idx" ON "usage_events"("customer_id", "occurred_at");

-- CreateIndex
CREATE UNIQUE INDEX "usage_events_customer_id_reservation_id_key" ON "usage_events"("customer_id", "reservation_id");

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customers" ADD CONSTRAINT "customers_id_current_subscription_id_fkey" FOREIGN KEY ("id", "current_subscription_id") REFERENCES "subscriptions"("customer_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "members" ADD CONSTRAINT "members_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "members" ADD CONSTRAINT "members_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "customer_leases" ADD CONSTRAINT "customer_leases_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plans" ADD CONSTRAINT "plans_current_version_id_fkey" FOREIGN KEY ("current_version_id") REFERENCES "plan_versions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_versions" ADD CONSTRAINT "plan_versions_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plans"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prices" ADD CONSTRAINT "prices_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allowances" ADD CONSTRAINT "allowances_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "allowances" ADD CONSTRAINT "allowances_meter_key_fkey" FOREIGN KEY ("meter_key") REFERENCES "meters"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_features" ADD CONSTRAINT "plan_features_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_features" ADD CONSTRAINT "plan_features_feature_key_fkey" FOREIGN KEY ("feature_key") REFERENCES "features"("key") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_price_id_fkey" FOREIGN KEY ("price_id") REFERENCES "prices"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_customer_id_subscription_id_fkey" FOREIGN KEY ("customer_id", "subscription_id") REFERENCES "subscriptions"("customer_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "plan_grants" ADD CONSTRAINT "plan_grants_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_grants" ADD CONSTRAINT "plan_grants_plan_version_id_fkey" FOREIGN KEY ("plan_version_id") REFERENCES "plan_versions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "plan_grants" ADD CONSTRAINT "plan_grants_customer_id_subscription_id_fkey" FOREIGN KEY ("customer_id", "subscription_id") REFERENCES "subscriptions"("customer_id", "id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- AddForeignKey
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_price_id_fkey" FOREIGN KEY ("price_id") REFERENCES "prices"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

