//! The list of all pages; one test renders each with every sample, and refuses a template that has no page.

use super::page::{Listed, listed};
use super::{errors, forum, guidelines, members, moderation, notifications, site, system};

/// Every page there is.
#[must_use]
pub fn all() -> Vec<Listed> {
    vec![
        listed::<errors::ErrorPage>(),
        listed::<system::AppearancePage>(),
        listed::<members::enter::SignInPage>(),
        listed::<members::join::JoinPage>(),
        listed::<members::letters::ConfirmPage>(),
        listed::<members::letters::ForgotPage>(),
        listed::<members::letters::ResetPage>(),
        listed::<members::profile::ProfilePage>(),
        listed::<guidelines::document::DocumentPage>(),
        listed::<guidelines::changes::ChangesPage>(),
        listed::<guidelines::acknowledgements::AcknowledgementsPage>(),
        listed::<guidelines::edit::EditPage>(),
        listed::<site::page::HousePage>(),
        listed::<site::page::HousePageForm>(),
        listed::<site::settings::SettingsPage>(),
        listed::<forum::list::ListPage>(),
        listed::<forum::category::CategoriesPage>(),
        listed::<forum::category::CategoryPage>(),
        listed::<forum::thread::ThreadPage>(),
        listed::<forum::write::NewThreadPage>(),
        listed::<forum::edit::EditPostPage>(),
        listed::<forum::edit::EditThreadPage>(),
        listed::<forum::act::ActPage>(),
        listed::<forum::history::RevisionsPage>(),
        listed::<forum::admin::ManageCategoriesPage>(),
        listed::<forum::admin::ManageCategoryPage>(),
        listed::<site::admin::AdminPage>(),
        listed::<site::first_steps::FirstStepsPage>(),
        listed::<moderation::report::ReportPage>(),
        listed::<moderation::desk::DeskPage>(),
        listed::<moderation::review::ReviewPage>(),
        listed::<moderation::log::LogPage>(),
        listed::<moderation::member::MemberPage>(),
        listed::<members::settings::SettingsPage>(),
        listed::<members::secrets::SecretPage>(),
        listed::<members::admin::DirectoryPage>(),
        listed::<members::admin::MemberPage>(),
        listed::<members::groups::GroupsPage>(),
        listed::<members::groups::GroupPage>(),
        listed::<members::invitations::InvitationsPage>(),
        listed::<notifications::NoticesPage>(),
    ]
}
